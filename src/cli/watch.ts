import { setTimeout as wait } from 'node:timers/promises';
import type { Io } from './io';

const EVERY_MS = 1000;

/**
 * Shows `text` again and again until Ctrl-C: on a terminal in its own place, elsewhere each time it has changed.
 * Resolves to the exit code.
 */
export async function watch(text: () => Promise<string>, io: Io): Promise<number> {
  let shown: string | undefined;
  try {
    for (;;) {
      const next = await text();
      if (next !== shown) {
        io.out(io.columns === undefined || shown === undefined ? next : `${over(shown)}${next}`);
        shown = next;
      }
      await wait(EVERY_MS, undefined, { signal: io.signal });
    }
  } catch (error) {
    if (io.signal.aborted) return 0;
    throw error;
  }
}

/** Moves the cursor to where `shown` begins, and removes it. */
const over = (shown: string): string => `\u001b[${shown.split('\n').length}A\u001b[J`;
