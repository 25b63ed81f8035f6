import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import type { CronDefinition } from '../definitions/cron';
import { ConfigError, messageOf } from '../shared/errors';
import { HASH, scheduleIdOf, scheduleOf } from './schedule-of';

export interface SyncDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

export interface SyncedSchedules {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Brings the app's schedules in line with its crons: new ones are created, changed ones updated (a pause stays), those
 * without a cron deleted. Several worker processes may do so at once.
 * @throws {ConfigError} code `cron_invalid`, naming the cron, if Temporal refuses a schedule
 */
export async function syncSchedules(
  crons: ReadonlyMap<string, CronDefinition>,
  deps: SyncDeps,
): Promise<SyncedSchedules> {
  const outcome = { created: [] as string[], updated: [] as string[], removed: [] as string[] };
  for (const cron of crons.values()) {
    const change = await syncOne(cron, deps);
    if (change !== undefined) outcome[change].push(cron.name);
  }
  for await (const { scheduleId } of deps.client.schedule.list()) {
    const name = cronOf(deps.app, scheduleId);
    if (name === undefined || crons.has(name)) continue;
    await remove(scheduleId, deps.client);
    outcome.removed.push(name);
  }
  return outcome;
}

async function syncOne(
  cron: CronDefinition,
  deps: SyncDeps,
): Promise<'created' | 'updated' | undefined> {
  const wanted = scheduleOf(deps.app, cron, deps.now());
  try {
    await deps.client.schedule.create(wanted);
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw refused(cron, error);
  }
  const handle = deps.client.schedule.getHandle(wanted.scheduleId);
  const present = await handle.describe();
  if (present.action.memo?.[HASH] === wanted.action.memo?.[HASH]) return undefined;
  await handle.update((previous) => changed(previous, wanted));
  return 'updated';
}

type Wanted = ReturnType<typeof scheduleOf>;

/** Keeps what operators set (paused, its note) and, for an interval of unchanged length, the moment it counts from. */
function changed(previous: ScheduleDescription, wanted: Wanted): ScheduleUpdateOptions {
  const [before] = previous.spec.intervals ?? [];
  const [after] = wanted.spec.intervals ?? [];
  const sameLength =
    before !== undefined && after !== undefined && Number(before.every) === after.every;
  return {
    spec: sameLength
      ? {
          ...wanted.spec,
          intervals: [{ every: Number(before.every), offset: Number(before.offset) }],
        }
      : wanted.spec,
    action: wanted.action,
    policies: wanted.policies ?? {},
    state: {
      paused: previous.state.paused,
      ...(previous.state.note === undefined ? {} : { note: previous.state.note }),
    },
  };
}

function cronOf(app: string, scheduleId: string): string | undefined {
  const prefix = scheduleIdOf(app, '');
  return scheduleId.startsWith(prefix) ? scheduleId.slice(prefix.length) : undefined;
}

async function remove(scheduleId: string, client: Client): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    // Another worker process was faster, or the list was older than the deletion.
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

function refused(cron: CronDefinition, error: unknown): ConfigError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new ConfigError(
    'cron_invalid',
    `Temporal refuses the schedule of cron "${cron.name}": ${messageOf(cause)}`,
    {
      cause: error,
      details: { cron: cron.name },
    },
  );
}
