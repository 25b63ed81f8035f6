import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ContinueAsNew,
  DeterminismViolationError,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  sleep,
  type TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { HandlerDefinition } from '../definitions/app';
import { complaintsAbout } from '../definitions/check-value';
import type { EventInfo } from '../definitions/worker';
import { formatDuration } from '../shared/duration';
import { eventIdOf } from '../shared/ids';
import type { Retry } from '../shared/retry';
import { STATUS_ATTRIBUTE } from '../shared/status';
import { checkStorable } from '../shared/check-storable';
import { failureOf, reasonOf } from './handler-error';
import { setFlags } from './flag';
import { bookkeeping } from './local-activities';
import { settleSteps } from './step';

type Handlers = ReadonlyMap<string, HandlerDefinition>;

const statusKey = defineSearchAttributeKey(STATUS_ATTRIBUTE, 'KEYWORD');
const scheduledAtKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');
const KEPT_ERRORS = 10;
const KEPT_MESSAGE = 500;

/** One run of an event: wait for the retry if it is one, pass the gate, run the handler, finish or continue as new. */
export async function runEvent(
  handlers: Handlers,
  event: unknown,
  retry?: Retry,
): Promise<unknown> {
  const info = infoOf(retry);
  if (retry !== undefined) await waitForRetry(retry);
  const admission = await bookkeeping['Queue::admit'](info.handler, info.id);
  setFlags(admission.flags ?? []);
  const definition = handlers.get(info.handler);
  if (definition === undefined) return recordMissing(info, event);
  checkEvent(definition, event);
  try {
    return await runHandler(definition, event, info);
  } catch (error) {
    if (isNotTheHandlers(error)) throw error;
    // Whatever the handler made of its cancellation: a retry would be a run that nobody has cancelled.
    if (CancellationScope.current().consideredCancelled) {
      throw new CancelledFailure('Cancelled', [], failureOf(error));
    }
    const failure = failureOf(error);
    const { retries } = definition.options;
    if (info.attempt > retries) throw handlerFailed(info, failure);
    const delayMs = admission.retryDelayMs ?? definition.options.retryDelayMs;
    return await continueAsRetry(event, nextAttempt(info, delayMs, failure, retry));
  }
}

function infoOf(retry: Retry | undefined): EventInfo {
  const { workflowId, workflowType, taskQueue, startTime, typedSearchAttributes } = workflowInfo();
  const scheduledAt = retry?.scheduledAt ?? typedSearchAttributes.get(scheduledAtKey)?.getTime();
  return Object.freeze({
    id: eventIdOf(taskQueue, workflowId),
    handler: workflowType,
    attempt: retry?.attempt ?? 1,
    emittedAt: new Date(retry?.emittedAt ?? startTime.getTime()),
    ...(scheduledAt === undefined ? {} : { scheduledAt: new Date(scheduledAt) }),
  });
}

async function waitForRetry(retry: Retry): Promise<void> {
  const last = retry.errors.at(-1);
  setStatus('new');
  await sleep(retry.delayMs, {
    summary: `attempt ${retry.attempt - 1} failed, next in ${formatDuration(retry.delayMs)}: ${last?.message.slice(0, 150) ?? ''}`,
  });
  setStatus(null);
}

async function recordMissing(info: EventInfo, event: unknown): Promise<undefined> {
  await bookkeeping['Queue::missing'](info.handler, info.id, event);
  setStatus('missing');
}

function setStatus(status: 'new' | 'missing' | null): void {
  upsertSearchAttributes([{ key: statusKey, value: status }]);
}

/** Not retried: the same event would be refused again. */
function checkEvent({ name, options }: HandlerDefinition, event: unknown): void {
  if (options.event === undefined) return;
  const complaints = complaintsAbout(options.event, event, name);
  if (complaints.length > 0) {
    throw ApplicationFailure.nonRetryable(complaints.join(' & '), 'event_invalid');
  }
}

async function runHandler(
  { name, handler, options }: HandlerDefinition,
  event: unknown,
  info: EventInfo,
): Promise<unknown> {
  const { timeoutMs } = options;
  const run = (): Promise<unknown> => handler(event as never, info);
  const value = await (timeoutMs === undefined ? run() : withTimeout(timeoutMs, run));
  const floating = settleSteps();
  if (floating !== undefined) await floating;
  checkStorable(value, `the value of "${name}"`);
  return value;
}

async function withTimeout<T>(timeoutMs: number, run: () => Promise<T>): Promise<T> {
  try {
    return await CancellationScope.withTimeout(timeoutMs, run);
  } catch (error) {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    throw new Error(`Took longer than its timeout of ${formatDuration(timeoutMs)}`, {
      cause: error,
    });
  }
}

/** What Temporal throws for its own ends; anything else, a TypeError too, is the handler's failure. */
function isNotTheHandlers(error: unknown): boolean {
  return (
    error instanceof ContinueAsNew ||
    error instanceof DeterminismViolationError ||
    (isCancellation(error) && CancellationScope.current().consideredCancelled)
  );
}

function handlerFailed(info: EventInfo, cause: TemporalFailure): ApplicationFailure {
  log.error('event failed', { event: info.id, attempts: info.attempt, error: textOf(cause) });
  const { message } = reasonOf(cause);
  return ApplicationFailure.create({ message, type: 'handler_failed', nonRetryable: true, cause });
}

function textOf(failure: TemporalFailure): string {
  const reason = reasonOf(failure);
  const type = reason instanceof ApplicationFailure ? reason.type : undefined;
  const name = type == null || type === 'Error' ? '' : `${type}: `;
  return (name + reason.message).slice(0, KEPT_MESSAGE);
}

function nextAttempt(
  info: EventInfo,
  delayMs: number,
  failure: TemporalFailure,
  retry: Retry | undefined,
): Retry {
  const message = textOf(failure);
  log.warn('attempt failed', { event: info.id, attempt: info.attempt, error: message });
  const failed = { attempt: info.attempt, at: Date.now(), message };
  return {
    attempt: info.attempt + 1,
    delayMs,
    emittedAt: info.emittedAt.getTime(),
    ...(info.scheduledAt === undefined ? {} : { scheduledAt: info.scheduledAt.getTime() }),
    errors: [...(retry?.errors ?? []), failed].slice(-KEPT_ERRORS),
  };
}

/** A new run, so that a failed attempt's history is never replayed against repaired code. Never returns. */
function continueAsRetry(event: unknown, retry: Retry): Promise<never> {
  return makeContinueAsNewFunc<(event: unknown, retry: Retry) => Promise<unknown>>()(event, retry);
}
