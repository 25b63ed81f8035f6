import { type Client, isGrpcServiceError, type ScheduleOptions } from '@temporalio/client';
import type { CronDefinition } from '../definitions/cron';
import { ConfigError, messageOf } from '../shared/errors';
import { defaultCatchupMs, ENOUGH_MS, YEARS_AHEAD_MS } from './default-catchup';
import { matchingTimes } from './matching-times';
import { scheduleOf, specOf } from './schedule-of';

export interface PlannedSchedule {
  readonly options: ScheduleOptions;
  /** It counts from now, for its definition does not say from where. */
  readonly anchored: boolean;
}

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

/**
 * The schedule that a definition asks for.
 * @throws {ConfigError} code `cron_invalid` if Temporal refuses its time, or knows none to come
 */
export async function plannedSchedule(
  cron: CronDefinition,
  { client, app, now }: Deps,
): Promise<PlannedSchedule> {
  if (cron.when.kind === 'interval') {
    const anchored = cron.when.offsetMs === undefined;
    return { options: scheduleOf(app, cron, now()), anchored };
  }
  const times = await refusing(cron, () => timesToCome(client, cron, now()));
  if (times.length === 0) throw neverRuns(cron);
  const catchupMs = cron.options.catchupMs ?? defaultCatchupMs(times, cron.options.overlap);
  return { options: scheduleOf(app, cron, now(), catchupMs), anchored: false };
}

/** So many that the gaps between them repeat. */
async function timesToCome(client: Client, cron: CronDefinition, now: number): Promise<Date[]> {
  const spec = { ...specOf(cron, now), jitter: 0 };
  const end = new Date(now + YEARS_AHEAD_MS);
  const times: Date[] = [];
  for (let from = now; from < now + ENOUGH_MS;) {
    const more = await matchingTimes(client, spec, new Date(from), end);
    times.push(...more);
    const last = more.at(-1);
    if (last === undefined || more.length < MOST_TIMES) break;
    from = last.getTime();
  }
  return times;
}

/** More of them Temporal does not give in one answer. */
const MOST_TIMES = 1000;

const INVALID_ARGUMENT = 3;

/** Names the cron in what Temporal or its SDK has against a schedule; other errors pass. */
export async function refusing<T>(cron: CronDefinition, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const refused =
      error instanceof TypeError ||
      error instanceof RangeError ||
      (isGrpcServiceError(cause) && Number(cause.code) === INVALID_ARGUMENT);
    if (!refused) throw error;
    const why = messageOf(cause).replace(/^3 INVALID_ARGUMENT: /, '');
    throw cronInvalid(cron, `Temporal refuses the schedule of cron "${cron.name}": ${why}`, error);
  }
}

function neverRuns(cron: CronDefinition): ConfigError {
  return cronInvalid(
    cron,
    `Cron "${cron.name}" would never run: no time to come matches ${textOf(cron)}`,
  );
}

function textOf({ when }: CronDefinition): string {
  return when.kind === 'cron' ? `"${when.expression}"` : 'its calendar';
}

function cronInvalid(cron: CronDefinition, message: string, cause?: unknown): ConfigError {
  return new ConfigError('cron_invalid', message, {
    ...(cause === undefined ? {} : { cause }),
    details: { cron: cron.name },
    remedies: [
      cron.when.kind === 'cron'
        ? 'a cron expression is: minute, hour, day of month, month, day of week'
        : 'see CronTime of "nightshift" for what a calendar can hold',
    ],
  });
}
