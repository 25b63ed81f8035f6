import { ApplicationFailure, type TemporalFailure, workflowInfo } from '@temporalio/workflow';
import type { HandlerDefinition } from '../definitions/app';
import { type FailedEvent, ON_ERROR } from '../definitions/on-error';
import type { EventInfo, WorkerDefinition } from '../definitions/worker';
import { checkStorable } from '../shared/check-storable';
import { reasonOf } from './handler-error';
import { bookkeeping } from './local-activities';

const MAX_MESSAGE = 2_000;

/** Emits an event to the app's `onError`, if it has one: once, as its id is made from this run's. */
export async function tellErrorHandler(
  handlers: ReadonlyMap<string, HandlerDefinition>,
  event: unknown,
  info: EventInfo,
  failure: ApplicationFailure,
): Promise<void> {
  const definition = handlers.get(ON_ERROR);
  // Its own errors are not for itself: they would never end.
  if (!isErrorHandler(definition) || info.handler === ON_ERROR) return;
  const id = `${ON_ERROR}-${workflowInfo().runId}`;
  await bookkeeping['Event::emit'].executeWithOptions({ summary: `${ON_ERROR} ${id}` }, [
    failedEvent(event, info, failure),
    ON_ERROR,
    { id },
  ]);
}

/** Not a worker that the app happens to call so. */
const isErrorHandler = (definition: HandlerDefinition | undefined): boolean =>
  definition !== undefined && (definition as WorkerDefinition).forErrors === true;

function failedEvent(
  event: unknown,
  { id, handler, attempt }: EventInfo,
  failure: ApplicationFailure,
): FailedEvent {
  const reason = failure.cause === undefined ? failure : reasonOf(failure.cause as TemporalFailure);
  const type = reason instanceof ApplicationFailure ? (reason.type ?? 'Error') : 'Error';
  const error = { message: reason.message.slice(0, MAX_MESSAGE), type };
  const failed = { id, handler, error, attempts: attempt };
  const whole = { ...failed, event };
  return fits(whole) ? whole : failed;
}

function fits(value: unknown): boolean {
  try {
    checkStorable(value, 'event');
    return true;
  } catch {
    return false; // an event just below the largest size, with what is added here
  }
}
