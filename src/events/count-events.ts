import type { EventStatus } from '../shared/status';
import {
  type EventFilter,
  findRuns,
  isUnquotable,
  type ListDeps,
  MAX_PAGE,
  visibilityQuery,
} from './list-events';
import { queryOfStatus, statusOf } from './status';

/** Events by status; `scheduled` ones count as `locked`. */
export type Counts = Record<Exclude<EventStatus, 'scheduled'>, number>;

type CountFilter = Pick<EventFilter, 'handler'>;

/**
 * How many events of an app have each status, in three calls however many there are. Temporal's counts may be late by
 * some milliseconds.
 */
export async function countEvents(filter: CountFilter, deps: ListDeps): Promise<Counts> {
  const { redriven } = deps;
  const [counts, errorsBefore, missingBefore] = await Promise.all([
    isUnquotable(filter.handler) ? countOneByOne(filter, deps) : countAll(filter, deps),
    redriven.count('error', filter.handler),
    redriven.count('missing', filter.handler),
  ]);
  return {
    ...counts,
    error: Math.max(0, counts.error - errorsBefore),
    missing: Math.max(0, counts.missing - missingBefore),
  };
}

const ENDED_IN_ERROR = ['Failed', 'Canceled', 'Terminated', 'TimedOut'];

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
