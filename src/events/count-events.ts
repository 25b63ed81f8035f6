import { type EventStatus, STATUS_ATTRIBUTE } from '../shared/status';
import {
  type EventFilter,
  findRuns,
  isUnquotable,
  type ListDeps,
  MAX_PAGE,
  visibilityQuery,
} from './list-events';
import { ENDED_IN_ERROR, queryOfStatus, statusOf } from './status';

/** Events by status; `scheduled` ones count as `locked`. */
export type Counts = Record<Exclude<EventStatus, 'scheduled'>, number>;

type CountFilter = Pick<EventFilter, 'handler'>;

/** Without those that are done, of which there may be any number. */
export type QueueCounts = Omit<Counts, 'done'>;

/**
 * How many events of an app have each status, in three calls. Temporal's counts may be late by some milliseconds, and
 * those of a development server take the longer, the more there are: 1 ms for a thousand.
 */
export const countEvents = (filter: CountFilter, deps: ListDeps): Promise<Counts> =>
  lessRedriven(
    isUnquotable(filter.handler) ? countOneByOne(filter, deps) : countAll(filter, deps),
    filter,
    deps,
  );

/** The same for one queue, in a time that does not grow with what is done. */
export async function countQueue(handler: string, deps: ListDeps): Promise<QueueCounts> {
  const filter = { handler };
  const {
    new: fresh,
    locked,
    error,
    missing,
  } = await lessRedriven<QueueCounts>(
    isUnquotable(handler) ? countOneByOne(filter, deps) : countUndone(filter, deps),
    filter,
    deps,
  );
  return { new: fresh, locked, error, missing };
}

/** Those that were redriven are counted with their last run. */
async function lessRedriven<C extends QueueCounts>(
  counting: Promise<C>,
  { handler }: CountFilter,
  { redriven }: ListDeps,
): Promise<C> {
  const [counts, errorsBefore, missingBefore] = await Promise.all([
    counting,
    redriven.count('error', handler),
    redriven.count('missing', handler),
  ]);
  return {
    ...counts,
    error: Math.max(0, counts.error - errorsBefore),
    missing: Math.max(0, counts.missing - missingBefore),
  };
}

/** Each is asked for by one value, which a development server finds by an index; of several values it reads all runs. */
async function countUndone(
  filter: CountFilter,
  { client, app, now }: ListDeps,
): Promise<QueueCounts> {
  const base = visibilityQuery(app, filter, now());
  const having = async (query: string): Promise<number> =>
    (await client.workflow.count(`${base} AND ${query}`)).count;
  const [running, fresh, missing, ...ended] = await Promise.all([
    having('ExecutionStatus = "Running"'),
    having(`(${queryOfStatus('new', now())})`),
    having(`${STATUS_ATTRIBUTE} = "missing"`),
    ...ENDED_IN_ERROR.map((status) => having(`ExecutionStatus = "${status}"`)),
  ]);
  const error = ended.reduce((total, count) => total + count, 0);
  return { new: fresh, locked: Math.max(0, running - fresh), error, missing };
}

/** Temporal groups by its own statuses only, and counts one group after another: hence nothing below zero. */
async function countAll(filter: CountFilter, { client, app, now }: ListDeps): Promise<Counts> {
  const base = visibilityQuery(app, filter, now());
  const having = async (status: EventStatus): Promise<number> =>
    (await client.workflow.count(`${base} AND (${queryOfStatus(status, now())})`)).count;
  const [{ groups }, fresh, missing] = await Promise.all([
    client.workflow.count(`${base} GROUP BY ExecutionStatus`),
    having('new'),
    having('missing'),
  ]);
  const by = new Map(groups.map(({ groupValues, count }) => [String(groupValues[0]), count]));
  const sum = (...statuses: readonly string[]): number =>
    statuses.reduce((total, status) => total + (by.get(status) ?? 0), 0);
  return {
    new: fresh,
    locked: Math.max(0, sum('Running', 'Paused') - fresh),
    done: Math.max(0, sum('Completed') - missing),
    error: sum(...ENDED_IN_ERROR),
    missing,
  };
}

/** For a handler whose name Temporal's queries cannot hold. */
async function countOneByOne(filter: CountFilter, deps: ListDeps): Promise<Counts> {
  const counts = { new: 0, locked: 0, done: 0, error: 0, missing: 0 };
  for await (const run of findRuns(filter, MAX_PAGE, deps)) {
    const status = statusOf(run, deps.now());
    counts[status === 'scheduled' ? 'locked' : status]++;
  }
  return counts;
}
