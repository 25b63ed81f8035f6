import { inspect } from 'node:util';
import { ERROR_CODES } from '../shared/error-codes';
import { type ErrorCode, messageOf, NightshiftError } from '../shared/errors';
import type { Io } from './io';

/**
 * What is wrong, what to do, and the code. Stack and causes only with `--verbose`, or where the error is none of ours
 * and so nobody foresaw it.
 */
export function showError(
  error: unknown,
  io: Io,
  { json, verbose }: { json: boolean; verbose: boolean },
): void {
  const ours = error instanceof NightshiftError ? error : undefined;
  if (json) {
    const { code = 'unexpected', details = {} } = ours ?? {};
    io.err(JSON.stringify({ error: { code, message: messageOf(error), details } }));
    return;
  }
  const ofSystem = remedyOfSystem(error);
  const remedies = ofSystem === undefined ? remediesOf(ours) : [ofSystem];
  for (const line of problemLines({ message: messageOf(error), remedies, code: ours?.code }, io))
    io.err(line);
  const { colors } = io;
  if (verbose) io.err(colors.dim(inspect(error, { depth: 4 })));
  else if (ours === undefined && ofSystem === undefined)
    io.err(colors.dim('  unexpected; --verbose shows where it comes from'));
}

interface Problem {
  readonly message: string;
  readonly remedies: readonly string[];
  readonly code: string | undefined;
}

/** What is wrong, what to do, and the code if there is one. */
export function problemLines(
  { message, remedies, code }: Problem,
  { colors, symbols }: Io,
): readonly string[] {
  return [
    `${colors.red(symbols.error)} ${colors.bold(message)}`,
    ...remedies.map((remedy) => `  ${colors.dim(symbols.remedy)} ${remedy}`),
    ...(code === undefined ? [] : [colors.dim(`  code ${code}`)]),
  ];
}

/** Codes whose messages name the place and what is expected there. */
const SAYS_IT_ALL: ReadonlySet<ErrorCode> = new Set([
  'usage',
  'query_invalid',
  'capture_invalid',
  'record_invalid',
  'duration_invalid',
  'app_invalid',
  'rule_invalid',
  'rate_invalid',
  'flag_invalid',
] as const);

/** What files and folders refuse: nobody's mistake in code. */
const OF_THE_SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'let this user read and write there, or use another folder',
  EPERM: 'let this user read and write there, or use another folder',
  EROFS: 'it cannot be written to: use another folder',
  ENOSPC: 'the disk is full: make room',
  EDQUOT: 'the quota of this user is used up: make room',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder: name a file',
  ENOENT: 'is the path right?',
  EMFILE: 'raise the limit of open files: ulimit -n',
};

function remedyOfSystem(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof Error && syscall !== undefined ? OF_THE_SYSTEM[code ?? ''] : undefined;
}

/** Its own, else what is to be done about its code. */
function remediesOf(error: NightshiftError | undefined): readonly string[] {
  if (error === undefined || error.remedies.length > 0) return error?.remedies ?? [];
  if (SAYS_IT_ALL.has(error.code)) return [];
  return [plain(ERROR_CODES[error.code].remedy)];
}

/** As it stands in a terminal: links as the file they lead to. */
const plain = (markdown: string): string =>
  markdown.replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 (docs/$2)').replaceAll('`', '');
