import { inspect } from 'node:util';
import { messageOf, NightshiftError } from '../shared/errors';
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
  for (const remedy of ours?.remedies ?? []) io.err(`  ${colors.dim(symbols.remedy)} ${remedy}`);
  if (ours !== undefined) io.err(colors.dim(`  code ${ours.code}`));
  if (verbose) io.err(colors.dim(inspect(error, { depth: 4 })));
  else if (ours === undefined)
    io.err(colors.dim('  unexpected; --verbose shows where it comes from'));
}
