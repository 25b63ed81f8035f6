import type { Client } from '@temporalio/client';
import type { ProtoFailure } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time';
import { decryptHistory } from '../connections/decrypt-history';
import { payloadConverter } from '../shared/payload-converter';
import type { FailedAttempt, Retry } from '../shared/retry';

interface Run {
  readonly workflowId: string;
  /** Default: the latest. */
  readonly runId?: string;
}

const CLOSE_EVENT = 2;

/** What a run of an event was started with. */
export interface RunInput {
  readonly event: unknown;
  /** What it was told of the attempts before it. */
  readonly retry?: Retry;
}

/** It stands in the first event of the run's history. Rejects if that is gone. */
export async function readInput(client: Client, execution: Run): Promise<RunInput> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    maximumPageSize: 1,
  });
  await decryptHistory(history, client);
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [event, retry] = started?.input?.payloads ?? [];
  return {
    event: event == null ? undefined : payloadConverter.fromPayload(event),
    ...(retry == null ? {} : { retry: payloadConverter.fromPayload<Retry>(retry) }),
  };
}

/** The failure that a closed run ended with, if it did. Of a run that is open, the server would wait for the end. */
export async function readFailure(
  client: Client,
  execution: Run,
): Promise<Omit<FailedAttempt, 'attempt'> | undefined> {
  const ended = await readCause(client, execution);
  if (ended === undefined) return undefined;
  const { cause, at } = ended;
  // Of a failed activity the reason stands one further down.
  const reason = cause.activityFailureInfo != null ? (cause.cause ?? cause) : cause;
  const type = reason.applicationFailureInfo?.type;
  const name = type == null || type === '' || type === 'Error' ? '' : `${type}: `;
  return { at, message: `${name}${reason.message ?? ''}` };
}

/** The same as Temporal has it: the handler's own failure, which stands below ours; and when it was. */
export async function readCause(
  client: Client,
  execution: Run,
): Promise<{ readonly cause: ProtoFailure; readonly at: number } | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    historyEventFilterType: CLOSE_EVENT,
  });
  await decryptHistory(history, client);
  const last = history?.events?.at(-1);
  const failure = last?.workflowExecutionFailedEventAttributes?.failure;
  if (failure == null) return undefined;
  return {
    cause: failure.cause ?? failure,
    at: last?.eventTime == null ? 0 : tsToMs(last.eventTime),
  };
}
