import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
} from '@temporalio/client';
import type { CronDefinition } from '../definitions/cron';
import { ConflictError } from '../shared/errors';
import { plannedSchedule, type PlannedSchedule, refusing } from './planned-schedule';
import { HASH, hashOf, scheduleIdOf } from './schedule-of';
import { updateSchedule } from './update-schedule';

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

type Crons = ReadonlyMap<string, CronDefinition>;

/**
 * Brings the app's schedules in line with its crons: new ones are created, changed ones updated (a pause stays), those
 * without a cron deleted unless they are paused. Several worker processes may do so at once.
 * @throws {ConfigError} code `cron_invalid`, naming the cron, if Temporal refuses its time, or knows none to come
 */
export async function syncSchedules(crons: Crons, deps: SyncDeps): Promise<SyncedSchedules> {
  const removed = await removeSchedules(crons, deps);
  return { ...(await updateSchedules(crons, deps)), removed };
}

/**
 * The crons whose schedules `updateSchedules` would create or change; refuses, before anything changes, what it would.
 * @throws {ConfigError} code `cron_invalid`
 */
export async function outdatedCrons(crons: Crons, deps: SyncDeps): Promise<Crons> {
  const check = async (cron: CronDefinition): Promise<CronDefinition[]> => {
    const present = await described(deps.client, scheduleIdOf(deps.app, cron.name));
    if (isUpToDate(present, cron)) return [];
    await plannedSchedule(cron, deps);
    return [cron];
  };
  const outdated = (await Promise.all([...crons.values()].map(check))).flat();
  return new Map(outdated.map((cron) => [cron.name, cron]));
}

/**
 * Deletes the schedules without a cron: before code serves that lacks it, or their runs would have no handler. A paused
 * one stays, as it starts nothing: should the cron come back, it is paused still.
 */
export async function removeSchedules(crons: Crons, { client, app }: SyncDeps): Promise<string[]> {
  const removed: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    const name = cronOf(app, scheduleId);
    if (name === undefined || crons.has(name)) continue;
    if ((await described(client, scheduleId))?.state.paused === true) continue;
    await remove(scheduleId, client);
    removed.push(name);
  }
  return removed;
}

/** Creates and changes schedules: after code has stopped to serve that lacks the cron, for the same reason. */
export async function updateSchedules(
  crons: Crons,
  deps: SyncDeps,
): Promise<Omit<SyncedSchedules, 'removed'>> {
  const names = [...crons.keys()];
  const changes = await Promise.all([...crons.values()].map((cron) => syncOne(cron, deps)));
  return {
    created: names.filter((_, i) => changes[i] === 'created'),
    updated: names.filter((_, i) => changes[i] === 'updated'),
  };
}

/** Somebody else's change between our look and our update makes the update void; then we look again. */
const TRIES = 20;

async function syncOne(
  cron: CronDefinition,
  deps: SyncDeps,
): Promise<'created' | 'updated' | undefined> {
  const scheduleId = scheduleIdOf(deps.app, cron.name);
  let plan: PlannedSchedule | undefined;
  let change: 'updated' | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    const present = await described(deps.client, scheduleId);
    if (isUpToDate(present, cron)) return change;
    plan ??= await plannedSchedule(cron, deps);
    const wanted = plan;
    if (present !== undefined) {
      await refusing(cron, () => updateSchedule(deps.client, present, phaseKept(present, wanted)));
      change = 'updated';
    } else if (await refusing(cron, () => created(deps.client, wanted))) {
      return 'created';
    }
  }
  throw new ConflictError(
    'write_conflict',
    `The schedule of cron "${cron.name}" was changed again and again while it was brought in line`,
  );
}

const isUpToDate = (present: ScheduleDescription | undefined, cron: CronDefinition): boolean =>
  present?.action.memo?.[HASH] === hashOf(cron);

async function described(
  client: Client,
  scheduleId: string,
): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(scheduleId).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

/** False if another worker process was faster. */
async function created(client: Client, { options }: PlannedSchedule): Promise<boolean> {
  try {
    await client.schedule.create(options);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/** An interval of unchanged length goes on counting from where it did, unless its definition says from where. */
function phaseKept(present: ScheduleDescription, { options, anchored }: PlannedSchedule) {
  const [before] = present.spec.intervals ?? [];
  const [after] = options.spec.intervals ?? [];
  if (!anchored || before === undefined || before.every !== after?.every) return options;
  const interval = { every: before.every, offset: before.offset };
  return { ...options, spec: { ...options.spec, intervals: [interval] } };
}

export function cronOf(app: string, scheduleId: string): string | undefined {
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
