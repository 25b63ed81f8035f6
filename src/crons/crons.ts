import { randomUUID } from 'node:crypto';
import { type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client';
import type { CronDefinition } from '../definitions/cron';
import type { Emitter } from '../events/emit-event';
import { createEventHandle, type EventHandle, type EventHandleDeps } from '../events/event-handle';
import { type ListedEvent, listEvents } from '../events/list-events';
import type { Redriven } from '../events/redriven';
import type { ServedHandlers } from '../queues/served-handlers';
import { NotFoundError } from '../shared/errors';
import { nameOf } from '../shared/names';
import { fromNote, type PausedCron, type PauseOptions, toNote } from './pause-note';
import { scheduleIdOf, WHEN } from './schedule-of';
import { cronOf } from './sync-schedules';

/** A cron as it runs, seen from outside. */
export interface CronDescription {
  readonly name: string;
  /** Its time, for people: `Daily`, `every 90 minutes`, `0 9 * * MON (Europe/Berlin)`. */
  readonly when: string;
  readonly state: 'run' | 'pause';
  /** There while it is paused: why, by whom and since when, as far as it was said. */
  readonly paused?: PausedCron;
  /** The app has it no longer; it is still there because it is paused, should it come back. */
  readonly gone?: true;
  /** The next five times; those while it is paused are left out and not made up for. */
  readonly next: readonly Date[];
  /** The last ten runs that Temporal still keeps, newest first: due ones and those of `runNow`. */
  readonly runs: readonly ListedEvent[];
  /** How many were left out: the last run was still going, or the time was longer ago than `catchup`. */
  readonly skipped: number;
}

/** The app's crons, as `client.crons`. */
export interface Crons {
  /**
   * All of the app that have been deployed, by name.
   * @param options.runs how many of the last runs of each: a question to Temporal's lists a cron, unless it is 0. Default 10
   */
  list(options?: { readonly runs?: number }): Promise<CronDescription[]>;
  /** @throws {NotFoundError} code `cron_not_found` */
  get(cron: CronDefinition | string): Promise<CronDescription>;
  /**
   * From now on no time of it starts a run; what runs already goes on. A second pause replaces reason and name.
   * @throws {NotFoundError} code `cron_not_found`
   * @example await client.crons.pause('report', { reason: 'the warehouse is down', by: 'paul' })
   */
  pause(cron: CronDefinition | string, options?: PauseOptions): Promise<void>;
  /**
   * It runs again from its next time on; the times in between are not made up for. Does nothing if it is not paused.
   * @throws {NotFoundError} code `cron_not_found`
   */
  resume(cron: CronDefinition | string): Promise<void>;
  /**
   * Runs it once, now, also while it is paused or still runs; its next time stays as it is.
   * @throws {NotFoundError} code `cron_not_found`
   * @example await (await client.crons.runNow('report')).result()
   */
  runNow(cron: CronDefinition | string): Promise<EventHandle>;
}

export interface CronsDeps extends EventHandleDeps {
  readonly redriven: Redriven;
  readonly emitter: Emitter;
  readonly served: ServedHandlers;
}

type Served = Awaited<ReturnType<ServedHandlers['list']>>;

const SHOWN_RUNS = 10;
const SHOWN_TIMES = 5;

export function createCrons(deps: CronsDeps): Crons {
  const { client, app, now, emitter } = deps;

  const scheduleOf = (name: string) => client.schedule.getHandle(scheduleIdOf(app, name));

  const find = async <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) throw notFound(name, app, await names(), error);
      throw error;
    }
  };

  const names = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { scheduleId } of client.schedule.list()) {
      const name = cronOf(app, scheduleId);
      if (name !== undefined) found.push(name);
    }
    return found.sort();
  };

  const get = async (
    name: string,
    shown = SHOWN_RUNS,
    served: Served | Promise<Served> = deps.served.list(),
  ): Promise<CronDescription> => {
    const [schedule, runs, handlers] = await Promise.all([
      find(name, () => scheduleOf(name).describe()),
      listEvents({ handler: name, limit: shown }, deps),
      served,
    ]);
    const description = descriptionOf(name, schedule, runs);
    const isServed = handlers?.some((handler) => handler.name === name) !== false;
    return isServed ? description : { ...description, gone: true };
  };

  return {
    async list({ runs } = {}) {
      const crons: CronDescription[] = [];
      const [found, served] = await Promise.all([names(), deps.served.list()]);
      for (const name of found) {
        const cron = await get(name, runs, served).catch(absent);
        if (cron !== undefined) crons.push(cron);
      }
      return crons;
    },

    get: async (cron) => get(nameOf(cron, 'A cron name')),

    async pause(cron, options = {}) {
      const name = nameOf(cron, 'A cron name');
      await find(name, () => scheduleOf(name).pause(toNote(options, new Date(now()))));
    },

    async resume(cron) {
      const name = nameOf(cron, 'A cron name');
      await find(name, () => scheduleOf(name).unpause('resumed'));
    },

    async runNow(cron) {
      const name = nameOf(cron, 'A cron name');
      await find(name, () => scheduleOf(name).describe());
      // An event like any other: Temporal's own trigger names its runs by the second, so that the second one within a
      // second would not start, or would take the place of the first.
      const id = `${name}-now-${randomUUID()}`;
      await emitter.emit(null, name, { id });
      return createEventHandle(id, deps);
    },
  };
}

/** The list of schedules may be older than a deletion. */
function absent(error: unknown): undefined {
  if (!(error instanceof NotFoundError)) throw error;
}

function descriptionOf(
  name: string,
  { state, info, action }: ScheduleDescription,
  runs: ListedEvent[],
): CronDescription {
  const when: unknown = action.memo?.[WHEN];
  return {
    name,
    when: typeof when === 'string' ? when : 'unknown',
    state: state.paused ? 'pause' : 'run',
    ...(state.paused ? { paused: fromNote(state.note) } : {}),
    next: info.nextActionTimes.slice(0, SHOWN_TIMES),
    runs: [...runs].sort((a, b) => b.emittedAt.getTime() - a.emittedAt.getTime()),
    skipped: Number(info.numActionsSkippedOverlap) + Number(info.numActionsMissedCatchupWindow),
  };
}

function notFound(
  name: string,
  app: string,
  others: readonly string[],
  cause: unknown,
): NotFoundError {
  return new NotFoundError('cron_not_found', `App "${app}" has no cron "${name}"`, {
    cause,
    details: { cron: name, app },
    remedies: [
      others.length === 0
        ? 'a cron is there once a worker process has served it'
        : `there are: ${others.join(', ')}`,
    ],
  });
}
