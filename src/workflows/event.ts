import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
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
import { floatingRejection } from './floating-rejections';
import { failureOf, isFinal, reasonOf } from './handler-error';
import { tellErrorHandler } from './tell-error-handler';
import { setFlags } from './flag';
import { type Admitted, askGate, waitAtGate } from './gate';
import { bookkeeping } from './local-activities';
import { makeRoom } from './room';
import { settleSteps } from './step';

type Handlers = ReadonlyMap<string, HandlerDefinition>;

const statusKey = defineSearchAttributeKey(STATUS_ATTRIBUTE, 'KEYWORD');
const scheduledAtKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');
const KEPT_ERRORS = 10;
const KEPT_MESSAGE = 500;
const SUMMARY_MESSAGE = 150; // Temporal takes 400 bytes

/** One run of an event: wait for the retry if it is one, pass the gate, run the handler, finish or continue as new. */
export async function runEvent(
  handlers: Handlers,
  event: unknown,
  retry?: Retry,
): Promise<unknown> {
  const info = infoOf(retry);
  const admission = await admitted(info, retry);
  setFlags(admission.flags ?? []);
  const definition = handlers.get(info.handler);
  if (definition === undefined) return recordMissing(event);
  const refused = refusal(definition, event);
  if (refused !== undefined) return end(handlers, event, info, refused);
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
    if (info.attempt > retries || isFinal(failure))
      return end(handlers, event, info, handlerFailed(info, failure));
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

/** Waits for the moment of the retry, if it is one, and then until no rule holds the event: meanwhile it is `new`. */
async function admitted(info: EventInfo, retry: Retry | undefined): Promise<Admitted> {
  const isRetry = retry !== undefined && retry.attempt > 1;
  if (isRetry) {
    setStatus('new');
    await waitForRetry(retry);
  }
  let admission = await askGate(info);
  const isHeld = admission.answer === 'hold';
  if (admission.answer === 'hold') {
    if (!isRetry) setStatus('new');
    admission = await waitAtGate(info, admission);
  }
  if (isRetry || isHeld) setStatus(null);
  return admission;
}

async function waitForRetry({ attempt, nextAt, errors }: Retry): Promise<void> {
  const when = new Date(nextAt).toISOString();
  const why = errors.at(-1)?.message.slice(0, SUMMARY_MESSAGE) ?? '';
  await sleep(Math.max(0, nextAt - Date.now()), {
    summary: `attempt ${attempt - 1} failed, next at ${when}: ${why}`,
  });
}

async function recordMissing(event: unknown): Promise<undefined> {
  await bookkeeping['Queue::missing'](event);
  setStatus('missing');
}

function setStatus(status: 'new' | 'missing' | null): void {
  upsertSearchAttributes([{ key: statusKey, value: status }]);
}

/** Not retried: the same event would be refused again. */
function refusal(
  { name, options }: HandlerDefinition,
  event: unknown,
): ApplicationFailure | undefined {
  if (options.event === undefined) return undefined;
  const complaints = complaintsAbout(options.event, event, name);
  if (complaints.length === 0) return undefined;
  return ApplicationFailure.nonRetryable(complaints.join(' & '), 'event_invalid');
}

/** The event ends in error, and whoever the app has for that is told. Never returns. */
async function end(
  handlers: Handlers,
  event: unknown,
  info: EventInfo,
  failure: ApplicationFailure,
): Promise<never> {
  await tellErrorHandler(handlers, event, info, failure);
  throw failure;
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
  const rejected = floatingRejection();
  if (rejected !== undefined) throw rejected.reason;
  checkStorable(value, `the value of "${name}"`);
  const waiting = makeRoom(value);
  if (waiting !== undefined) await waiting;
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
    nextAt: failed.at + delayMs,
    emittedAt: info.emittedAt.getTime(),
    ...(info.scheduledAt === undefined ? {} : { scheduledAt: info.scheduledAt.getTime() }),
    errors: [...(retry?.errors ?? []), failed].slice(-KEPT_ERRORS),
  };
}

/** A new run, so that a failed attempt's history is never replayed against repaired code. Never returns. */
async function continueAsRetry(event: unknown, retry: Retry): Promise<never> {
  await makeRoom(event);
  return makeContinueAsNewFunc<(event: unknown, retry: Retry) => Promise<unknown>>()(event, retry);
}
