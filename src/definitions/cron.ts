import type { CalendarSpec } from '@temporalio/client';
import { type Duration, durationMs } from '../shared/duration';
import { checkHandlerName } from '../shared/names';
import { DEFINITION, type Definition, definitionInvalid } from './definition';
import {
  type Handler,
  type ResolvedHandlerOptions,
  resolveHandlerOptions,
  type WorkerOptions,
} from './worker';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Dark's intervals, in milliseconds. */
export const INTERVALS = {
  EveryMinute: MINUTE,
  Hourly: HOUR,
  Every12hrs: 12 * HOUR,
  Daily: DAY,
  Weekly: 7 * DAY,
  Fortnightly: 14 * DAY,
} as const;

/** The intervals that have a name. */
export type IntervalName = keyof typeof INTERVALS;

/** When a cron runs. */
export type CronTime =
  | IntervalName
  /** `offset` counts from 1970-01-01T00:00Z; without it, from the moment at which the cron is first deployed. */
  | { readonly every: Duration; readonly offset?: Duration }
  /** Five to seven fields as in crontab; `timezone` is a name such as `'Europe/Berlin'`, default UTC. */
  | { readonly cron: string; readonly timezone?: string }
  /**
   * A calendar as Temporal's schedules have it, e.g. `{ calendar: { hour: 9, dayOfWeek: 'MONDAY' } }`. What is left out
   * matches always, but for hour, minute and second: those are 0.
   */
  | { readonly calendar: CalendarSpec; readonly timezone?: string };

export type ResolvedCronTime =
  | { readonly kind: 'interval'; readonly everyMs: number; readonly offsetMs?: number }
  | { readonly kind: 'cron'; readonly expression: string; readonly timezone: string }
  | { readonly kind: 'calendar'; readonly calendar: CalendarSpec; readonly timezone: string };

/** What may be said of a cron besides its name, times and handler. */
export interface CronOptions extends Omit<WorkerOptions, 'event'> {
  /** What happens when a run is due while the last still runs: it is left out, one waits, or both run. Default `'skip'`. */
  readonly overlap?: 'skip' | 'buffer-one' | 'allow';
  /**
   * How late a run may start after an outage of Temporal; older ones are left out. At least 10 seconds. Default: one
   * interval, so the newest run that was missed happens, and no other. For cron expressions and calendars: the longest
   * time between two runs; with another overlap than `'skip'` the shortest.
   */
  readonly catchup?: Duration;
  /** Spreads starts at random over this time. Default none. */
  readonly jitter?: Duration;
}

export interface ResolvedCronOptions extends ResolvedHandlerOptions {
  readonly overlap: 'skip' | 'buffer-one' | 'allow';
  /** Absent where it follows from the times, which Temporal knows. */
  readonly catchupMs?: number;
  readonly jitterMs?: number;
}

/** What `cron` gives: a frozen value, to be exported from the app's module. */
export interface CronDefinition<Value = unknown> extends Definition<'cron'> {
  readonly when: ResolvedCronTime;
  readonly handler: Handler<null, Value>;
  readonly options: ResolvedCronOptions;
}

/**
 * Defines a cron: `handler` runs at the times of `when`, its event being null.
 *
 * A new cron with an interval runs at once, then once per interval; one with an `offset`, a cron expression or a
 * calendar waits for its first time. Each run is an event: it is traced, retried and held like any other.
 *
 * @throws {InvalidInputError} code `cron_invalid`, `handler_name_invalid`, `definition_invalid` or `duration_invalid`
 * @example
 * export const report = cron('report', 'Daily', async () => DB.count(Users));
 * export const standup = cron('standup', { cron: '0 9 * * MON-FRI', timezone: 'Europe/Berlin' }, async () => {});
 */
export function cron<Value>(
  name: string,
  when: CronTime,
  handler: Handler<null, Value>,
): CronDefinition<Value>;
export function cron<Value>(
  name: string,
  when: CronTime,
  options: CronOptions,
  handler: Handler<null, Value>,
): CronDefinition<Value>;
export function cron(
  name: string,
  when: CronTime,
  optionsOrHandler: CronOptions | Handler<null>,
  handler?: Handler<null>,
): CronDefinition {
  checkHandlerName(name, 'A cron name');
  const options = typeof optionsOrHandler === 'function' ? {} : optionsOrHandler;
  const run = typeof optionsOrHandler === 'function' ? optionsOrHandler : handler;
  if (typeof run !== 'function') {
    throw definitionInvalid(`Cron "${name}" needs a handler function as its last argument`);
  }
  const resolved = Object.freeze(resolveCronTime(when, name));
  return Object.freeze({
    [DEFINITION]: 'cron' as const,
    name,
    when: resolved,
    handler: run,
    options: resolveCronOptions(options, resolved, name),
  });
}

const EXPECTED = 'must be an interval name, { every }, { cron } or { calendar }';

function resolveCronTime(when: CronTime, name: string): ResolvedCronTime {
  if (typeof when === 'string') {
    if (!Object.hasOwn(INTERVALS, when)) {
      throw cronInvalid(
        name,
        `must be one of ${Object.keys(INTERVALS).join(', ')}, { every: '5 minutes' } or { cron: '0 9 * * MON' }, got "${String(when)}"`,
      );
    }
    return { kind: 'interval', everyMs: INTERVALS[when] };
  }
  if (typeof when !== 'object' || when === null) throw cronInvalid(name, EXPECTED);
  if ('every' in when) return resolveInterval(when.every, when.offset, name);
  const timezone = checkTimezone(when.timezone ?? 'UTC', name);
  if ('cron' in when) {
    if (typeof when.cron !== 'string' || when.cron.trim() === '') {
      throw cronInvalid(name, 'needs a cron expression such as "0 9 * * MON"');
    }
    const expression = when.cron.trim();
    if (/^(CRON_)?TZ=/.test(expression)) {
      throw cronInvalid(name, 'names its time zone beside the expression: { cron, timezone }');
    }
    return { kind: 'cron', expression, timezone };
  }
  if ('calendar' in when)
    return { kind: 'calendar', calendar: resolveCalendar(when.calendar, name), timezone };
  throw cronInvalid(name, EXPECTED);
}

function resolveInterval(
  every: Duration,
  offset: Duration | undefined,
  name: string,
): ResolvedCronTime {
  const everyMs = durationMs(every, `Interval "every" of cron "${name}"`);
  // Temporal's schedules count in whole seconds
  if (everyMs < 1000 || everyMs % 1000 !== 0) {
    throw cronInvalid(name, 'needs an interval of whole seconds, at least one');
  }
  if (offset === undefined) return { kind: 'interval', everyMs };
  const offsetMs = durationMs(offset, `Interval "offset" of cron "${name}"`);
  if (offsetMs >= everyMs || offsetMs % 1000 !== 0) {
    throw cronInvalid(name, 'needs an offset of whole seconds, shorter than the interval');
  }
  return { kind: 'interval', everyMs, offsetMs };
}

const CALENDAR_FIELDS = [
  ...(['second', 'minute', 'hour', 'dayOfMonth', 'month', 'year', 'dayOfWeek'] as const),
  'comment',
] as const;

/** Ranges get an explicit end: the SDK takes a range that has none, and starts at 0, for 0 to 1. */
function resolveCalendar(calendar: unknown, name: string): CalendarSpec {
  if (typeof calendar !== 'object' || calendar === null) {
    throw cronInvalid(name, 'needs a calendar such as { hour: 9, dayOfWeek: "MONDAY" }');
  }
  const unknown = Object.keys(calendar).filter((key) => !CALENDAR_FIELDS.includes(key as never));
  if (unknown.length > 0) {
    throw cronInvalid(
      name,
      `has a calendar with unknown fields: ${unknown.join(', ')}; there are ${CALENDAR_FIELDS.join(', ')}`,
    );
  }
  const resolved = Object.entries(calendar as Record<string, unknown>).map(([field, value]) => [
    field,
    Array.isArray(value) ? value.map(withEnd) : withEnd(value),
  ]);
  return Object.fromEntries(resolved) as CalendarSpec;
}

function withEnd(range: unknown): unknown {
  if (typeof range !== 'object' || range === null || !('start' in range)) return range;
  return { ...range, end: ('end' in range ? range.end : undefined) ?? range.start };
}

function checkTimezone(timezone: string, name: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return timezone;
  } catch {
    throw cronInvalid(
      name,
      `has an unknown time zone "${timezone}"; expected a name such as "Europe/Berlin"`,
    );
  }
}

function resolveCronOptions(
  options: CronOptions,
  when: ResolvedCronTime,
  name: string,
): ResolvedCronOptions {
  const { overlap = 'skip', catchup, jitter } = options;
  if (!['skip', 'buffer-one', 'allow'].includes(overlap)) {
    throw definitionInvalid(
      `Option "overlap" of cron "${name}" must be "skip", "buffer-one" or "allow"`,
    );
  }
  const late = catchup ?? (when.kind === 'interval' ? when.everyMs : undefined);
  return Object.freeze({
    ...resolveHandlerOptions(options, `cron "${name}"`),
    overlap,
    ...(late === undefined
      ? {}
      : { catchupMs: durationMs(late, `Option "catchup" of cron "${name}"`) }),
    ...(jitter === undefined
      ? {}
      : { jitterMs: durationMs(jitter, `Option "jitter" of cron "${name}"`) }),
  });
}

function cronInvalid(name: string, why: string): Error {
  const error = definitionInvalid(`The time of cron "${name}" ${why}`);
  return Object.assign(error, { code: 'cron_invalid' as const });
}
