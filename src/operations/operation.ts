import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { ConflictError, NightshiftError, NotFoundError } from '../shared/errors';
import { PAUSE_SIGNAL, RESUME_SIGNAL } from '../shared/migration';

/** Something long that the worker processes do, and that survives them. */
export interface Operation<P> {
  /** How far it is. Answered by Temporal alone: also while no worker process runs, and after the end. */
  progress(): Promise<P>;
  /**
   * Waits for the end.
   * @throws {NightshiftError} code `cancelled` if it was cancelled, or replaced by a later one
   */
  result(): Promise<P>;
  /** Ends it where it is; what is done stays done. Does nothing if it has ended. */
  cancel(): Promise<void>;
}

/** One that can be stopped for a while by itself. */
export interface PausableOperation<P> extends Operation<P> {
  /** Stops after the present page, until `resume`. @throws {ConflictError} code `operation_ended` */
  pause(): Promise<void>;
  /** @throws {ConflictError} code `operation_ended` */
  resume(): Promise<void>;
}

export interface OperationDeps {
  readonly client: Client;
  readonly workflowId: string;
  /** How it is called in errors: `resume of queue "mail"`. */
  readonly what: string;
}

interface Shown {
  readonly state: string;
  readonly endedAt?: Date;
}

/** A workflow that notes its progress in its memo, seen from outside. */
export function createOperation<P extends Shown>({
  client,
  workflowId,
  what,
}: OperationDeps): Operation<P> {
  const workflow = client.workflow.getHandle(workflowId);
  const find = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new NotFoundError('operation_not_found', `There is no ${what}, or it ended long ago`, {
        cause: error,
      });
    }
  };
  return {
    progress: async () => progressOf<P>(await find(() => workflow.describe())),
    async result() {
      try {
        return (await find(() => workflow.result())) as P;
      } catch (error) {
        throw error instanceof WorkflowFailedError ? failure(error, what) : error;
      }
    },
    async cancel() {
      await find(() => workflow.describe());
      await workflow.cancel().catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // it has ended
      });
    },
  };
}

export function createPausable<P extends Shown>(deps: OperationDeps): PausableOperation<P> {
  const workflow = deps.client.workflow.getHandle(deps.workflowId);
  const operation = createOperation<P>(deps);
  const signal = async (name: string): Promise<void> => {
    try {
      await workflow.signal(name);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const { state } = await operation.progress(); // says so if it never was
      throw new ConflictError('operation_ended', `The ${deps.what} has ended: ${state}`);
    }
  };
  return {
    ...operation,
    pause: () => signal(PAUSE_SIGNAL),
    resume: () => signal(RESUME_SIGNAL),
  };
}

/** The workflow notes how far it is; that it was ended from outside, Temporal knows. */
function progressOf<P extends Shown>(description: WorkflowExecutionDescription): P {
  const noted = description.memo?.['progress'] as P;
  const { closeTime, status } = description;
  if (closeTime === undefined || status.name === 'COMPLETED') return noted;
  const state =
    status.name === 'CANCELLED' || status.name === 'TERMINATED' ? 'cancelled' : 'failed';
  return { ...noted, state, endedAt: closeTime };
}

function failure(error: WorkflowFailedError, what: string): NightshiftError {
  const { cause } = error;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    const why = cause instanceof TerminatedFailure && cause.message ? `: ${cause.message}` : '';
    return new NightshiftError('cancelled', `The ${what} was cancelled${why}`, { cause: error });
  }
  return new NightshiftError('operation_failed', `The ${what} failed: ${cause?.message ?? ''}`, {
    cause: error,
  });
}
