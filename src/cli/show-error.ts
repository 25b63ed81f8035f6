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
  const { colors } = io;
  const shown = { message: messageOf(error), remedies: remediesOf(ours), code: ours?.code };
  for (const line of problemLines(shown, io)) io.err(line);
  if (verbose) io.err(colors.dim(inspect(error, { depth: 4 })));
  else if (ours === undefined)
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
] as const);

/** Its own, else what is to be done about its code. */
function remediesOf(error: NightshiftError | undefined): readonly string[] {
  if (error === undefined || error.remedies.length > 0) return error?.remedies ?? [];
  if (SAYS_IT_ALL.has(error.code)) return [];
  return [withoutLinks(ERROR_CODES[error.code].remedy)];
}

const withoutLinks = (markdown: string): string => markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1');
