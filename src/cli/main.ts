#!/usr/bin/env node
import { environmentOf } from '../config';
import { processIo } from './io';
import { EXIT, run } from './run';

/** Below `npm run`, one Ctrl-C comes twice: from the terminal, and from npm, which hands it on. */
const SAME_KEY_MS = 500;

/** The process around the command line: signals in, exit code out. */
export async function main(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  let askedAt: number | undefined;
  const stop = (): void => {
    // The first asks everything to end in order; whoever asks again means it.
    if (askedAt !== undefined && Date.now() - askedAt > SAME_KEY_MS) process.exit(EXIT.interrupted);
    askedAt ??= Date.now();
    interrupt.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  // Whoever read the output has seen enough, e.g. `| head`: a command for data ends then, as others of the system do.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  });
  const code = await run(argv, processIo(environmentOf(process.cwd()), interrupt.signal));
  process.exitCode = code;
  // Output must be out before the end; and what is still open after a command has finished must not hold the process.
  process.stdout.write('', () => process.exit(code));
}

if (require.main === module) void main(process.argv.slice(2));
