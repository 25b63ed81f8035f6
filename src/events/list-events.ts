import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { eventIdOf } from '../shared/ids';
import { RESERVED_PREFIX } from '../shared/names';
import type { EventStatus } from '../shared/status';
import type { Redriven } from './redriven';
import { queryOfStatus, statusOf } from './status';

export interface EventFilter {
  readonly handler?: string;
  readonly status?: EventStatus;
  /** At most so many. Default 50. */
  readonly limit?: number;
}

export interface ListedEvent {
  readonly id: string;
  readonly handler: string;
  readonly status: EventStatus;
  readonly emittedAt: Date;
  readonly endedAt?: Date;
}

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly redriven: Redriven;
}

const DEFAULT_LIMIT = 50;

/** The events of an app, unfinished ones first, then the newest. Temporal's list may be late by some milliseconds. */
export async function listEvents(filter: EventFilter, deps: Deps): Promise<ListedEvent[]> {
  const { client, app, now, redriven } = deps;
  const { limit = DEFAULT_LIMIT } = filter;
  const query = visibilityQuery(app, filter, now());
  const pageSize = Math.min(limit, 1000);
  const events: ListedEvent[] = [];
  let page: WorkflowExecutionInfo[] = [];
  const flush = async (): Promise<void> => {
    // Temporal lists a failed run for ever, also where a redrive has begun the event anew
    const followed = await redriven.among(page.map(({ runId }) => runId));
    const latest = page.filter(({ runId }) => !followed.has(runId));
    events.push(...latest.map((info) => listed(info, app, now())));
    page = [];
  };
  for await (const info of client.workflow.list({ query, pageSize })) {
    if (page.push(info) >= pageSize) await flush();
    if (events.length >= limit) break;
  }
  await flush();
  return events.slice(0, limit);
}

/** How many events of an app have each status. Temporal's count may be late by some milliseconds. */
export async function countEvents(
  filter: Pick<EventFilter, 'handler'>,
  { client, app, now, redriven }: Deps,
): Promise<Record<Exclude<EventStatus, 'scheduled'>, number>> {
  const count = async (status: EventStatus): Promise<number> =>
    (await client.workflow.count(visibilityQuery(app, { ...filter, status }, now()))).count;
  const [fresh, locked, done, error, missing, errorsBefore, missingBefore] = await Promise.all([
    count('new'),
    count('locked'),
    count('done'),
    count('error'),
    count('missing'),
    redriven.count('error', filter.handler),
    redriven.count('missing', filter.handler),
  ]);
  return {
    ...{ new: fresh, locked, done },
    error: Math.max(0, error - errorsBefore),
    missing: Math.max(0, missing - missingBefore),
  };
}

export function visibilityQuery(
  app: string,
  { handler, status }: EventFilter,
  now: number,
): string {
  const parts = [`TaskQueue = ${quoted(app)}`, 'ExecutionStatus != "ContinuedAsNew"'];
  if (handler === undefined) parts.push(`WorkflowType NOT STARTS_WITH ${quoted(RESERVED_PREFIX)}`);
  if (handler !== undefined) parts.push(`WorkflowType = ${quoted(handler)}`);
  if (status !== undefined) parts.push(`(${queryOfStatus(status, now)})`);
  return parts.join(' AND ');
}

/** A text in a visibility query. */
export const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function listed(info: WorkflowExecutionInfo, app: string, now: number): ListedEvent {
  return {
    id: eventIdOf(app, info.workflowId),
    handler: info.type,
    status: statusOf(info, now),
    emittedAt: info.startTime,
    ...(info.closeTime === undefined ? {} : { endedAt: info.closeTime }),
  };
}
