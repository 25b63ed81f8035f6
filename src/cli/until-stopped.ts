import type { Io } from './io';

/** Resolves at Ctrl-C. */
export async function untilStopped({ signal }: Io): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
