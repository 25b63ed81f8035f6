import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { eventIdOf } from '../shared/ids';
import { RESERVED_PREFIX } from '../shared/names';
import type { EventStatus } from '../shared/status';
import type { Redriven } from './redriven';
import { queryOfStatus, statusOf } from './status';

/** Which events. */
export interface EventFilter {
  readonly handler?: string;
  readonly status?: EventStatus;
  /** True: only those that have ended; false: only those that have not. */
  readonly ended?: boolean;
  /** Only those that ended at that time or later. */
  readonly endedSince?: Date;
  /** Only those that ended before that time. */
  readonly endedBefore?: Date;
  /** Only those that stand after this one in the list: the last of the page before. */
  readonly after?: Pick<ListedEvent, 'id' | 'emittedAt' | 'endedAt'>;
  /** At most so many. Default 50. */
  readonly limit?: number;
}

/** An event in a list. */
export interface ListedEvent {
  readonly id: string;
  readonly handler: string;
  readonly status: EventStatus;
  readonly emittedAt: Date;
  readonly endedAt?: Date;
}

export interface ListDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly redriven: Redriven;
}

const DEFAULT_LIMIT = 50;
export const MAX_PAGE = 1000;

/** The events of an app, unfinished ones first, then the newest. Temporal's list may be late by some milliseconds. */
export async function listEvents(filter: EventFilter, deps: ListDeps): Promise<ListedEvent[]> {
  const runs = await listRuns(filter, deps);
  return runs.map((info) => listed(info, deps.app, deps.now()));
}

/** The same as Temporal has them: the latest run of each event. */
export async function listRuns(
  filter: EventFilter,
  deps: ListDeps,
): Promise<WorkflowExecutionInfo[]> {
  const { redriven } = deps;
  const { limit = DEFAULT_LIMIT } = filter;
  const pageSize = Math.min(limit, MAX_PAGE);
  const runs: WorkflowExecutionInfo[] = [];
  if (limit <= 0) return runs;
  let page: WorkflowExecutionInfo[] = [];
  const flush = async (): Promise<void> => {
    // Temporal lists a failed run for ever, also where a redrive has begun the event anew
    const followed = await redriven.among(page.map(({ runId }) => runId));
    runs.push(...page.filter(({ runId }) => !followed.has(runId)));
    page = [];
  };
  for await (const info of findRuns(filter, pageSize, deps)) {
    if (page.push(info) >= pageSize) await flush();
    if (runs.length >= limit) break;
  }
  await flush();
  return runs.slice(0, limit);
}

/** Temporal's latest run of each event that the filter takes, redriven ones as they ended before. */
export async function* findRuns(
  filter: EventFilter,
  pageSize: number,
  { client, app, now }: ListDeps,
): AsyncGenerator<WorkflowExecutionInfo> {
  const query = visibilityQuery(app, filter, now());
  const { after } = filter;
  const isSeen = after === undefined ? () => false : seenBefore(after, app);
  for await (const info of client.workflow.list({ query, pageSize })) {
    if (isSeen(info)) continue;
    if (filter.handler === undefined || info.type === filter.handler) yield info;
  }
}

/** Those of the same millisecond, up to the one that was named: times of a list are no finer. */
function seenBefore(
  { id, emittedAt, endedAt }: NonNullable<EventFilter['after']>,
  app: string,
): (info: WorkflowExecutionInfo) => boolean {
  let passed = false;
  return ({ workflowId, startTime, closeTime }) => {
    if (passed) return false;
    const isSame =
      endedAt === undefined
        ? closeTime === undefined && startTime.getTime() === emittedAt.getTime()
        : closeTime?.getTime() === endedAt.getTime();
    passed = !isSame || eventIdOf(app, workflowId) === id;
    return isSame;
  };
}

/** Temporal's queries find no text with these two, in whatever way they are quoted. */
const UNQUOTABLE = /["\\]/;

export const isUnquotable = (text: string | undefined): boolean =>
  text !== undefined && UNQUOTABLE.test(text);

export function visibilityQuery(
  app: string,
  { handler, status, ended, endedSince, endedBefore, after }: EventFilter,
  now: number,
): string {
  const parts = [`TaskQueue = ${quoted(app)}`, 'ExecutionStatus != "ContinuedAsNew"'];
  if (handler === undefined) parts.push(`WorkflowType NOT STARTS_WITH ${quoted(RESERVED_PREFIX)}`);
  if (handler !== undefined) parts.push(...handlerQuery(handler));
  if (endedSince !== undefined) parts.push(`CloseTime >= "${endedSince.toISOString()}"`);
  if (endedBefore !== undefined) parts.push(`CloseTime < "${endedBefore.toISOString()}"`);
  if (after !== undefined) parts.push(afterQuery(after));
  if (ended !== undefined) parts.push(`ExecutionStatus ${ended ? '!=' : '='} "Running"`);
  if (status !== undefined) parts.push(`(${queryOfStatus(status, now)})`);
  return parts.join(' AND ');
}

/** The list has unfinished events first, then those that ended last. */
function afterQuery({ emittedAt, endedAt }: NonNullable<EventFilter['after']>): string {
  const until = (time: Date): string => quoted(new Date(time.getTime() + 1).toISOString());
  if (endedAt !== undefined) return `CloseTime < ${until(endedAt)}`;
  return `(ExecutionStatus != "Running" OR StartTime < ${until(emittedAt)})`;
}

/** For a name that cannot be asked for: what begins like it; `findRuns` takes the right ones. */
function handlerQuery(handler: string): string[] {
  if (!isUnquotable(handler)) return [`WorkflowType = ${quoted(handler)}`];
  const [beginning = ''] = handler.split(UNQUOTABLE);
  return beginning === '' ? [] : [`WorkflowType STARTS_WITH ${quoted(beginning)}`];
}

/** A text in a visibility query. */
export const quoted = (text: string): string => `"${text}"`;

function listed(info: WorkflowExecutionInfo, app: string, now: number): ListedEvent {
  return {
    id: eventIdOf(app, info.workflowId),
    handler: info.type,
    status: statusOf(info, now),
    emittedAt: info.startTime,
    ...(info.closeTime === undefined ? {} : { endedAt: info.closeTime }),
  };
}
