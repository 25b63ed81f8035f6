import { ApplicationFailure, Context } from '@temporalio/activity';
import { clearError } from '../connections/mongodb-unavailable';
import { writeIdOf } from '../datastore/write-id';
import {
  adviceOf,
  ConfigError,
  ConflictError,
  InvalidInputError,
  NightshiftError,
  NotFoundError,
} from '../shared/errors';
import { eventIdOf } from '../shared/ids';
import { type NthWrite, nthOf } from '../shared/nth-write';
import { wrapEach } from './wrap-each';

/** Wraps each activity so that our errors leave it as Temporal failures: `type` is the code, final ones are not retried. */
export const atEdge = <A extends object>(activities: A): A =>
  wrapEach(activities, (activity) => async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      throw toFailure(error);
    }
  });

function toFailure(thrown: unknown): unknown {
  const error = clearError(thrown);
  if (!(error instanceof NightshiftError)) return error;
  return ApplicationFailure.create({
    message: adviceOf(error),
    type: error.code,
    nonRetryable: isFinal(error),
    details: [error.details],
    cause: error,
  });
}

const isFinal = (error: NightshiftError): boolean =>
  error instanceof InvalidInputError ||
  error instanceof NotFoundError ||
  error instanceof ConfigError ||
  (error instanceof ConflictError && error.code !== 'write_conflict') ||
  error.code === 'record_corrupt';

/**
 * The same for a run's first write of a record, its second and so on, in however many tasks that were lost it ran. Its
 * number among all steps would not do: a task that runs again may pass the gate sooner or later than the lost one, and
 * steps side by side may come in another order.
 */
export const writeId = (write: NthWrite | undefined): string =>
  writeIdOf(`${runId()}.${nthOf(write)}`);

/** The run of the workflow that asks. */
export function runId(): string {
  return Context.current().info.workflowExecution?.runId ?? '';
}

/** The event that asks: of its names the sandbox need not tell. */
export function askingEvent(): { id: string; handler: string } {
  const { workflowExecution, workflowType, taskQueue } = Context.current().info;
  return {
    id: eventIdOf(taskQueue, workflowExecution?.workflowId ?? ''),
    handler: workflowType ?? '',
  };
}
