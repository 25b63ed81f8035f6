import {
  ActivityFailure,
  ApplicationFailure,
  ContinueAsNew,
  TemporalFailure,
} from '@temporalio/workflow';
import { adviceOf, messageOf, NightshiftError } from '../shared/errors';
import { HISTORY_TOO_LONG } from '../shared/history-limit';
import { NON_RETRYABLE, NonRetryable } from '../shared/non-retryable';
import { inspectValue } from '../shared/storable';

const MAX_TEXT = 20_000;
const MAX_DETAILS = 100_000;
const MAX_CAUSES = 10;

/**
 * What a handler threw, as a failure that Temporal can store. It may be anything: a message of megabytes, causes that
 * never end, details that are no JSON, no error at all. Temporal would fail the workflow task over it, and repeat it for
 * ever.
 */
export function failureOf(thrown: unknown, causes = MAX_CAUSES): TemporalFailure {
  if (thrown instanceof ContinueAsNew) return failureOf(continued());
  // Those that Temporal itself made, e.g. for a failed activity, came through it already.
  if (thrown instanceof TemporalFailure && !(thrown instanceof ApplicationFailure)) return thrown;
  const { type, cause, stack, details, nonRetryable } = partsOf(thrown);
  const failure = ApplicationFailure.create({
    message: explained(thrown).slice(0, MAX_TEXT),
    type,
    nonRetryable,
    ...(details === undefined ? {} : { details }),
    ...(cause == null || causes === 0 ? {} : { cause: failureOf(cause, causes - 1) }),
  });
  failure.stack = stack.slice(0, MAX_TEXT);
  return failure;
}

/** What Node has, and the sandbox has not. */
const NODE_ONLY = new Set([
  ...['fetch', 'Headers', 'Request', 'Response', 'FormData', 'Blob', 'WebSocket', 'performance'],
  ...['process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'setImmediate'],
]);

/** Its message, and what to do where it says no more than that something of Node's is not there. */
function explained(thrown: unknown): string {
  if (thrown instanceof NightshiftError) return adviceOf(thrown);
  const message = messageOf(thrown);
  const [, name = ''] = /^(\w+) is not defined$/.exec(message) ?? [];
  return NODE_ONLY.has(name)
    ? `${message}: handlers run in a sandbox; call it in an activity, see activities()`
    : message;
}

/** It would begin the event anew, unseen by whoever looks at its attempts. */
const continued = (): NightshiftError =>
  new NightshiftError(
    'usage',
    'A handler cannot continue as new: an attempt of an event is one run; emit another event instead',
  );

/** What went wrong: of a failed activity its own message, where Temporal's says only that one failed. */
export function reasonOf(failure: TemporalFailure): TemporalFailure {
  return failure instanceof ActivityFailure && failure.cause instanceof TemporalFailure
    ? failure.cause
    : failure;
}

/** True if the handler, or an activity of it, said that another attempt is of no use; or if it would be as long. */
export function isFinal(failure: TemporalFailure): boolean {
  const reason = reasonOf(failure);
  return (
    reason instanceof ApplicationFailure &&
    (reason.type === NON_RETRYABLE || reason.type === HISTORY_TOO_LONG)
  );
}

interface Parts {
  readonly type: string;
  readonly nonRetryable: boolean;
  readonly stack: string;
  readonly cause?: unknown;
  readonly details?: unknown[];
}

function partsOf(thrown: unknown): Parts {
  if (!(thrown instanceof Error)) return { type: 'Error', nonRetryable: false, stack: '' };
  const rest = { stack: String(thrown.stack ?? ''), cause: thrown.cause };
  // Also of a class that was made from it
  if (thrown instanceof NonRetryable) return { ...rest, type: NON_RETRYABLE, nonRetryable: true };
  if (thrown instanceof NightshiftError) return { ...rest, type: thrown.code, nonRetryable: true };
  if (!(thrown instanceof ApplicationFailure))
    return { ...rest, type: String(thrown.name), nonRetryable: false };
  const details = thrown.details ?? [];
  const { problem, maxBytes } = inspectValue(details, 'details');
  return {
    ...rest,
    type: String(thrown.type ?? thrown.name).slice(0, 1000),
    nonRetryable: thrown.nonRetryable === true,
    ...(problem === undefined && maxBytes <= MAX_DETAILS ? { details } : {}),
  };
}
