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
  const { colors, symbols } = io;
  io.err(`${colors.red(symbols.error)} ${colors.bold(messageOf(error))}`);
  for (const remedy of remediesOf(ours)) io.err(`  ${colors.dim(symbols.remedy)} ${remedy}`);
  if (ours !== undefined) io.err(colors.dim(`  code ${ours.code}`));
  if (verbose) io.err(colors.dim(inspect(error, { depth: 4 })));
  else if (ours === undefined)
    io.err(colors.dim('  unexpected; --verbose shows where it comes from'));
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
