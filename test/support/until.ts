import { setTimeout as wait } from 'node:timers/promises';

const EVERY_MS = 25;

/** Asks until the answer fits, at most `withinMs`; the last answer that did not is in the error. */
export async function until<T>(
  ask: () => Promise<T> | T,
  fits: (answer: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`Not within ${withinMs} ms; the last answer was ${JSON.stringify(answer)}`);
    }
    await wait(EVERY_MS);
  }
}

/** Asks until the answer equals `expected`. */
export function untilIs<T>(ask: () => Promise<T> | T, expected: T, withinMs?: number): Promise<T> {
  return until(ask, (answer) => answer === expected, withinMs);
}
