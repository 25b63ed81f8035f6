import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
} from '@temporalio/client';
import type { EventStatus } from '../shared/status';
import { statusOf } from './status';
import { quoted } from './list-events';

type Run = Omit<WorkflowExecutionInfo, 'raw'>;

/** One run of an event: one attempt. */
export interface EventRun {
  readonly runId: string;
  /** `retried`: it failed, and another attempt followed. */
  readonly outcome: EventStatus | 'retried';
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

interface Deps {
  readonly client: Client;
  readonly now: () => number;
}

/** All runs of an event that Temporal still has, oldest first. The list may be late, the present run is always in it. */
export async function runsOf(
  description: WorkflowExecutionDescription,
  { client, now }: Deps,
): Promise<EventRun[]> {
  const runs = new Map<string, Run>();
  const query = `WorkflowId = ${quoted(description.workflowId)}`;
  for await (const info of client.workflow.list({ query })) runs.set(info.runId, info);
  runs.set(description.runId, description);
  return [...runs.values()]
    .sort((a, b) => a.startTime.getTime() - b.startTime.getTime())
    .map((info) => runOf(info, now()));
}

function runOf(info: Run, now: number): EventRun {
  const { runId, startTime, closeTime, status } = info;
  return {
    runId,
    outcome: status.name === 'CONTINUED_AS_NEW' ? 'retried' : statusOf(info, now),
    startedAt: startTime,
    ...(closeTime === undefined ? {} : { endedAt: closeTime }),
  };
}
