import { INTERVALS, type ResolvedCronTime } from '../definitions/cron';

/** When a cron runs, as a person says it: `Daily`, `every 90 minutes`, `0 9 * * MON (Europe/Berlin)`. */
export function textOfTime(when: ResolvedCronTime): string {
  switch (when.kind) {
    case 'interval':
      return when.offsetMs === undefined
        ? textOfInterval(when.everyMs)
        : `${textOfInterval(when.everyMs)}, offset ${exactly(when.offsetMs)}`;
    case 'cron':
      return `${when.expression} (${when.timezone})`;
    case 'calendar':
      return `${JSON.stringify(when.calendar).replaceAll('"', '')} (${when.timezone})`;
  }
}

function textOfInterval(everyMs: number): string {
  const named = Object.entries(INTERVALS).find(([, ms]) => ms === everyMs);
  return named === undefined ? `every ${exactly(everyMs)}` : named[0];
}

const UNITS = [
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** In the largest unit that needs no fraction. */
function exactly(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms > 0 && ms % size === 0) ?? ['second', 1000];
  return ms === size ? `1 ${unit}` : `${ms / size} ${unit}s`;
}
