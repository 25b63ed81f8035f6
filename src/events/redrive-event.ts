import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { InternalWorkflowStartOptionsSymbol } from '@temporalio/client/lib/internal';
import { defineSearchAttributeKey } from '@temporalio/common';
import { isGrpcServiceError } from '@temporalio/client';
import { workflowIdOf } from '../shared/ids';
import type { Retry } from '../shared/retry';
import { type RunInput, readInput } from './attempts';
import { fairnessKeyOf } from './fairness-key';
import type { EndedRun } from './redriven';

const scheduledAtKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');
const NOT_FOUND = 5;

interface Deps {
  readonly client: Client;
  readonly app: string;
}

/**
 * Begins an event that ended anew: the same id, a new run, attempt 1. `gone`: Temporal no longer has what it was emitted
 * with. A run that was followed by another is left alone, so it may be called again.
 */
export async function redriveEvent(
  { id, runId, handler }: EndedRun,
  { client, app }: Deps,
): Promise<'redriven' | 'gone'> {
  const workflowId = workflowIdOf(app, id);
  const ended = await orGone(() => client.workflow.getHandle(workflowId).describe());
  if (ended === undefined) return 'gone';
  if (ended.runId !== runId) return 'redriven';
  const input = await orGone(() => readInput(client, { workflowId, runId }));
  if (input === undefined) return 'gone';
  const scheduledAt = ended.typedSearchAttributes.get(scheduledAtKey);
  const options: WorkflowStartOptions = {
    workflowId,
    taskQueue: app,
    args: [input.event, freshStart(input, ended.startTime, scheduledAt)],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    priority: { fairnessKey: fairnessKeyOf(handler) },
  };
  // Should the same be under way a second time, in a lost activity: the server takes a request once.
  const once = { [InternalWorkflowStartOptionsSymbol]: { requestId: `redrive-${runId}` } };
  try {
    await client.workflow.start(handler, { ...options, ...once });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return 'redriven';
}

function freshStart({ retry }: RunInput, startedAt: Date, scheduledAt: Date | undefined): Retry {
  const due = retry?.scheduledAt ?? scheduledAt?.getTime();
  return {
    attempt: 1,
    nextAt: 0,
    emittedAt: retry?.emittedAt ?? startedAt.getTime(),
    ...(due === undefined ? {} : { scheduledAt: due }),
    errors: [],
  };
}

/** Undefined for what Temporal no longer has. */
export async function orGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return undefined;
    throw error;
  }
}
