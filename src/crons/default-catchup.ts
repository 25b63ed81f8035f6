import type { CronDefinition } from '../definitions/cron';

const DAY_MS = 86_400_000;
/** Leap days are eight years apart around 2100, which is also where Temporal's calendars end. */
export const YEARS_AHEAD_MS = 9 * 366 * DAY_MS;
/** Times that are dense and irregular, such as each minute of office hours, repeat at the latest after a week. */
export const ENOUGH_MS = 8 * DAY_MS;

/**
 * How late a run of these times may start, so that after an outage one run is made up for. With `skip` a window over
 * several missed times still gives one run, so it may be the longest gap; otherwise each would run.
 */
export function defaultCatchupMs(
  times: readonly Date[],
  overlap: CronDefinition['options']['overlap'],
): number {
  const gaps = times.slice(1).map((time, i) => time.getTime() - (times[i]?.getTime() ?? 0));
  if (gaps.length === 0) return DAY_MS; // a single time to come
  return overlap === 'skip' ? Math.max(...gaps) : Math.min(...gaps);
}
