import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { decryptHistory } from '../connections/decrypt-history';

/** A task that Temporal tries again and again, in growing distances of at most ten minutes. */
export interface StuckTask {
  readonly tries: number;
  readonly reason: string;
}

const MANY = 100;
// The first failure may be of a worker process that ended in the middle.
const MIN_TRIES = 2;

/** Undefined for an event whose code can go on. */
export async function stuckTaskOf(
  { raw, workflowId, runId }: WorkflowExecutionDescription,
  client: Client,
): Promise<StuckTask | undefined> {
  const tries = Number(raw.pendingWorkflowTask?.attempt ?? 0);
  if (tries < MIN_TRIES) return undefined;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: MANY,
  });
  await decryptHistory(history, client);
  // Only the first failure is in the history; one of a later time would stand before it.
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes != null);
  const reason = failed?.workflowTaskFailedEventAttributes?.failure?.message;
  return { tries, reason: reason ?? 'its worker process does not answer in time' };
}
