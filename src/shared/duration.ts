import { msToNumber } from '@temporalio/common/lib/time';
import { InvalidInputError } from './errors';

type Unit =
  | ('ms' | 'msec' | 'msecs' | 'millisecond' | 'milliseconds')
  | ('s' | 'sec' | 'secs' | 'second' | 'seconds')
  | ('m' | 'min' | 'mins' | 'minute' | 'minutes')
  | ('h' | 'hr' | 'hrs' | 'hour' | 'hours')
  | ('d' | 'day' | 'days')
  | ('w' | 'week' | 'weeks')
  | ('y' | 'yr' | 'yrs' | 'year' | 'years');

/** Milliseconds as a number, or a text such as `'5 minutes'`, `'90s'`, `'3 days'`. */
export type Duration = number | `${number}` | `${number}${Unit}` | `${number} ${Unit}`;

/**
 * Milliseconds of `duration`.
 * @throws {InvalidInputError} code `duration_invalid`, naming `what`, if it is not a finite duration of 0 or more.
 */
export function durationMs(duration: Duration, what: string): number {
  const value = typeof duration === 'string' ? parse(duration) : duration;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new InvalidInputError(
      'duration_invalid',
      `${what} must be milliseconds of 0 or more, or a text such as "5 minutes", got ${JSON.stringify(duration)}`,
      { details: { what } },
    );
  }
  return value;
}

function parse(text: string): number {
  try {
    return msToNumber(text);
  } catch {
    return Number.NaN; // it throws for what it cannot read, in words that do not name the option
  }
}

/** `ms` as a person says it: `90 ms`, `1.5 s`, `2 min`, `3 h`, `4 days`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Number((ms / 3_600_000).toFixed(1))} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** How long it is from one time to a later one. Clocks of two machines may differ: never below zero. */
export const formatBetween = (from: Date, to: Date): string =>
  formatDuration(Math.max(0, to.getTime() - from.getTime()));
