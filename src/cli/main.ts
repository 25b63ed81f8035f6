#!/usr/bin/env node
import { environmentOf } from '../config';
import { processIo } from './io';
import { EXIT, run } from './run';

/** The process around the command line: signals in, exit code out. */
export async function main(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The first asks everything to end in order; whoever asks again means it.
    process.on(signal, () =>
      interrupt.signal.aborted ? process.exit(EXIT.interrupted) : interrupt.abort(),
    );
  }
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
