import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { eventIdOf } from '../shared/ids';
import { RESERVED_PREFIX } from '../shared/names';
import type { EventStatus } from '../shared/status';
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
}

const DEFAULT_LIMIT = 50;

/** The events of an app, unfinished ones first, then the newest. Temporal's list may be late by some milliseconds. */
export async function listEvents(
  filter: EventFilter,
  { client, app, now }: Deps,
): Promise<ListedEvent[]> {
  const { limit = DEFAULT_LIMIT } = filter;
  const query = visibilityQuery(app, filter, now());
  const events: ListedEvent[] = [];
  for await (const info of client.workflow.list({ query, pageSize: Math.min(limit, 1000) })) {
    if (events.length >= limit) break;
    events.push(listed(info, app, now()));
  }
  return events;
}

/** How many events of an app have each status. Temporal's count may be late by some milliseconds. */
export async function countEvents(
  filter: Pick<EventFilter, 'handler'>,
  { client, app, now }: Deps,
): Promise<Record<Exclude<EventStatus, 'scheduled'>, number>> {
  const count = async (status: EventStatus): Promise<number> =>
    (await client.workflow.count(visibilityQuery(app, { ...filter, status }, now()))).count;
  const [fresh, locked, done, error, missing] = await Promise.all([
    count('new'),
    count('locked'),
    count('done'),
    count('error'),
    count('missing'),
  ]);
  return { new: fresh, locked, done, error, missing };
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
