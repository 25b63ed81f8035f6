import type { Client } from '@temporalio/client';
import { queryOfStatus } from '../events/status';
import type { Redriven } from '../events/redriven';
import type { EventStatus } from '../shared/status';
import { visibilityQuery } from '../events/list-events';

/** Events by status; `scheduled` ones count as `locked`. */
export type Counts = Record<Exclude<EventStatus, 'scheduled'>, number>;

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly redriven: Redriven;
}

/**
 * How many events of a handler have each status, in three calls however many there are. From Temporal's lists, which
 * may be late by some milliseconds.
 */
export async function countByStatus(
  handler: string,
  { client, app, now, redriven }: Deps,
): Promise<Counts> {
  const base = visibilityQuery(app, { handler }, now());
  const having = async (status: EventStatus): Promise<number> =>
    (await client.workflow.count(`${base} AND (${queryOfStatus(status, now())})`)).count;
  const [{ groups }, fresh, missing, errorsBefore, missingBefore] = await Promise.all([
    client.workflow.count(`${base} GROUP BY ExecutionStatus`),
    having('new'),
    having('missing'),
    redriven.count('error', handler),
    redriven.count('missing', handler),
  ]);
  const by = new Map(groups.map(({ groupValues, count }) => [String(groupValues[0]), count]));
  const running = (by.get('Running') ?? 0) + (by.get('Paused') ?? 0);
  const completed = by.get('Completed') ?? 0;
  const ended = ['Failed', 'Canceled', 'Terminated', 'TimedOut'];
  return {
    new: fresh,
    locked: Math.max(0, running - fresh),
    done: Math.max(0, completed - missing),
    error: Math.max(
      0,
      ended.reduce((sum, status) => sum + (by.get(status) ?? 0), -errorsBefore),
    ),
    missing: Math.max(0, missing - missingBefore),
  };
}

/** How many events of a handler cannot go on: Temporal says so after five failures of a task, about a minute. */
export async function countStuck(handler: string, { client, app, now }: Deps): Promise<number> {
  const query = `${visibilityQuery(app, { handler }, now())} AND TemporalReportedProblems IS NOT NULL`;
  return (await client.workflow.count(query)).count;
}
