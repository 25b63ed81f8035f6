import type { Progress } from '../../src/shared/progress';

const REPEAT_MS = 10_000;

/** Progress as plain lines, for a log: the start and the end of each task, and what it is at every ten seconds. */
export function lineProgress(print: (line: string) => void): Progress {
  return {
    task(title) {
      let printedAt = Date.now();
      print(title);
      return {
        update(fraction, note) {
          if (Date.now() - printedAt < REPEAT_MS) return;
          printedAt = Date.now();
          const percent = fraction === undefined ? '' : ` ${Math.round(fraction * 100)} %`;
          print(`${title}${percent}${note === undefined ? '' : `: ${note}`}`);
        },
        done: (note) => print(`${title}: ${note ?? 'done'}`),
        failed: (note) => print(`${title}: failed: ${note}`),
      };
    },
  };
}
