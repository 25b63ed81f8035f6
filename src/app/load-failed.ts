import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, messageOf, NightshiftError } from '../shared/errors';
import { isUsersFile } from './users-file';

interface Place {
  /** Absolute. */
  readonly file: string;
  /** As it is shown: `:3`, `:3:18`, or empty. */
  readonly position: string;
}

/** Why a module could not be loaded, where in the user's files, and what helps. */
export function loadFailed(path: string, what: string, error: unknown): ConfigError {
  const { message, place = placeOf(error), remedies = [] } = readable(error);
  const { file, position } = place ?? { file: path, position: '' };
  const at = place === undefined ? '' : ` (${shown(file)}${position})`;
  return new ConfigError(
    'app_invalid',
    `The ${what} module ${shown(path)} cannot be loaded: ${message}${at}`,
    { cause: error, details: { file }, remedies },
  );
}

interface Readable {
  readonly message: string;
  readonly place?: Place;
  readonly remedies?: readonly string[];
}

/** What the loader and the compiled code say in words for nobody, in words of the source. */
function readable(error: unknown): Readable {
  if (error instanceof NightshiftError) return { message: error.message, remedies: error.remedies };
  return notFound(error) ?? unparsable(error) ?? { message: asWritten(messageOf(error)) };
}

function notFound(error: unknown): Readable | undefined {
  const { code, requireStack } = (error ?? {}) as {
    code?: unknown;
    requireStack?: readonly string[];
  };
  const request = /^Cannot find (?:module|package) '([^']+)'/.exec(messageOf(error))?.[1];
  if (request === undefined || !/MODULE_NOT_FOUND$/.test(String(code))) return undefined;
  const [importer] = requireStack ?? [];
  const isFile = /^[./]/.test(request);
  return {
    message: `Cannot find ${isFile ? 'module' : 'package'} "${request}"`,
    ...(importer === undefined ? {} : { place: { file: importer, position: '' } }),
    remedies: isFile
      ? ['is the path right, as seen from the file that imports it?']
      : [`is it installed? npm install ${nameOfPackage(request)}`],
  };
}

/** `@scope/shop/cart` is in the package `@scope/shop`. */
const nameOfPackage = (request: string): string =>
  request.split('/', request.startsWith('@') ? 2 : 1).join('/');

/** The compiler ends its message with the place, columns counted from 0; where it knows none, it says `undefined`. */
function unparsable(error: unknown): Readable | undefined {
  const found = /^(?:ParseError|SyntaxError): ([^]*?)\s+(\S+):(\d+):(\d+)\s*$/.exec(
    messageOf(error).replace(/^undefined: /, 'ParseError: '),
  );
  if (found === null) return undefined;
  const [, message = '', file = '', line, column] = found;
  if (line === '0') return { message };
  return { message, place: { file, position: `:${line}:${Number(column) + 1}` } };
}

/** `(0 , _nightshift.worker)` is how compiled code calls `worker`. */
const asWritten = (message: string): string =>
  message.replace(/\(0 ?, _[\w$]+\.([\w$]+)\)/g, '$1').replace(/\b_nightshift\d*\./g, '');

/** The innermost line of the user's own that was running. Columns are those of compiled code, and left out. */
function placeOf(error: unknown): Place | undefined {
  const { stack } = (error ?? {}) as { readonly stack?: unknown };
  for (const line of typeof stack === 'string' ? stack.split('\n') : []) {
    const [, url = '', at] = /^\s+at (?:.* \()?(.+?):(\d+):\d+\)?$/.exec(line) ?? [];
    const file = url.startsWith('file://') ? fileURLToPath(url) : url;
    if (isUsersFile(file) && !file.startsWith('node:')) return { file, position: `:${at}` };
  }
  return undefined;
}

/** From where the command runs, if it is below. */
function shown(file: string): string {
  const way = relative(process.cwd(), file);
  return way === '' || way.startsWith('..') ? file : way;
}
