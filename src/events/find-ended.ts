import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { eventIdOf, workflowIdOf } from '../shared/ids';
import type { RedriveInput, RedriveProblem } from '../shared/redrive';
import { readFailure } from './attempts';
import { quoted, visibilityQuery } from './list-events';
import { orGone } from './redrive-event';
import type { EndedRun, Redriven } from './redriven';
import { queryOfStatus, statusOf } from './status';

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly redriven: Redriven;
}

export interface Found {
  readonly count: number;
  readonly problems: readonly RedriveProblem[];
}

type Ended = Omit<WorkflowExecutionInfo, 'raw'>;

const PAGE = 500;
const AT_A_TIME = 16;
const DAY_MS = 86_400_000;

/** Notes the events that are to be redriven. May be called again: what is noted is not counted twice as work. */
export async function findEnded(
  operation: string,
  input: RedriveInput,
  deps: Deps,
): Promise<Found> {
  const retentionMs = await retentionOf(deps.client);
  const add = (ended: readonly Ended[]): Promise<number> =>
    deps.redriven.add(
      operation,
      ended.map((info) => endedRun(info, input, retentionMs, deps.app)),
    );
  if (input.ids !== undefined) return byIds(input.ids, input, add, deps);
  let count = 0;
  let page: Ended[] = [];
  const flush = async (): Promise<void> => {
    count += await add(await withText(page, input.text, deps.client));
    page = [];
  };
  const query = queryOf(input, deps);
  for await (const info of deps.client.workflow.list({ query, pageSize: PAGE })) {
    if (page.push(info) >= PAGE) await flush();
  }
  await flush();
  return { count, problems: [] };
}

/** Not those that somebody has cancelled or terminated: that was meant. By their ids they may be redriven. */
function queryOf({ handler, status, since, until }: RedriveInput, { app, now }: Deps): string {
  const ended =
    status === 'error'
      ? 'ExecutionStatus IN ("Failed", "TimedOut")'
      : queryOfStatus('missing', now());
  const times = [
    `CloseTime <= ${quoted(until.toISOString())}`,
    ...(since === undefined ? [] : [`CloseTime >= ${quoted(since.toISOString())}`]),
  ];
  return [visibilityQuery(app, { handler }, now()), `(${ended})`, ...times].join(' AND ');
}

async function byIds(
  ids: readonly string[],
  { handler, status }: RedriveInput,
  add: (ended: readonly Ended[]) => Promise<number>,
  { client, app, now }: Deps,
): Promise<Found> {
  const problems: RedriveProblem[] = [];
  const found: Ended[] = [];
  for (const id of new Set(ids)) {
    const info = await orGone(() => client.workflow.getHandle(workflowIdOf(app, id)).describe());
    if (info === undefined) problems.push({ id, why: 'its history is gone' });
    else if (info.type !== handler)
      problems.push({ id, why: `it is an event of handler "${info.type}"` });
    else if (statusOf(info, now()) !== status)
      problems.push({ id, why: `its status is ${statusOf(info, now())}` });
    else found.push(info);
  }
  return { count: await add(found), problems };
}

/** Those whose error holds the text: that stands in their histories only. */
async function withText(
  ended: readonly Ended[],
  text: string | undefined,
  client: Client,
): Promise<Ended[]> {
  if (text === undefined) return [...ended];
  const fitting: Ended[] = [];
  for (let i = 0; i < ended.length; i += AT_A_TIME) {
    const some = ended.slice(i, i + AT_A_TIME);
    const failures = await Promise.all(
      some.map(({ workflowId, runId }) => orGone(() => readFailure(client, { workflowId, runId }))),
    );
    fitting.push(...some.filter((_, n) => failures[n]?.message.includes(text) === true));
  }
  return fitting;
}

function endedRun(
  { workflowId, runId, startTime, closeTime }: Ended,
  { handler, status }: RedriveInput,
  retentionMs: number,
  app: string,
): EndedRun {
  return {
    ...{ runId, handler, status, id: eventIdOf(app, workflowId), startedAt: startTime },
    expiresAt: new Date((closeTime ?? startTime).getTime() + retentionMs + DAY_MS),
  };
}

async function retentionOf({ workflowService, options }: Client): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace: options.namespace });
  const ttl = config?.workflowExecutionRetentionTtl;
  return ttl == null ? 30 * DAY_MS : tsToMs(ttl);
}
