import {
  type Client,
  type WorkflowExecutionInfo,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { ConflictError, type ErrorCode, NightshiftError, NotFoundError } from '../shared/errors';
import { PAUSE_SIGNAL, RESUME_SIGNAL } from '../shared/migration';

/** Something long that the worker processes do, and that survives them. `P` tells how far it is, `R` how it ended. */
export interface Operation<P, R = P> {
  /** How far it is. Answered by Temporal alone: also while no worker process runs, and after the end. */
  progress(): Promise<P>;
  /**
   * Waits for the end.
   * @throws {NightshiftError} code `cancelled` if it was cancelled, or replaced by a later one
   * @throws {NotFoundError} code `operation_not_found` if it never was; so do the other functions
   */
  result(): Promise<R>;
  /** Ends it where it is; what is done stays done. Does nothing if it has ended. */
  cancel(): Promise<void>;
}

/** One that can be stopped for a while by itself. */
export interface PausableOperation<P, R = P> extends Operation<P, R> {
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
  /** What to do if it never was. */
  readonly ifMissing?: string;
  /** The codes that the workflow itself fails with, and what to do then. */
  readonly failures?: Readonly<Partial<Record<ErrorCode, string>>>;
}

interface Shown {
  readonly state: string;
  readonly endedAt?: Date;
}

/** A workflow that notes its progress in its memo, seen from outside. */
export function createOperation<P extends Shown, R = P>(deps: OperationDeps): Operation<P, R> {
  const { client, workflowId, what, ifMissing } = deps;
  const workflow = client.workflow.getHandle(workflowId);
  const find = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new NotFoundError('operation_not_found', `There is no ${what}, or it ended long ago`, {
        cause: error,
        remedies: ifMissing === undefined ? [] : [ifMissing],
      });
    }
  };
  return {
    progress: async () => progressOf<P>(await find(() => workflow.describe())),
    async result() {
      try {
        return (await find(() => workflow.result())) as R;
      } catch (error) {
        throw error instanceof WorkflowFailedError ? failureOf(error, deps) : error;
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

export function createPausable<P extends Shown, R = P>(
  deps: OperationDeps,
): PausableOperation<P, R> {
  const workflow = deps.client.workflow.getHandle(deps.workflowId);
  const operation = createOperation<P, R>(deps);
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
export function progressOf<P extends Shown>(
  run: Pick<WorkflowExecutionInfo, 'memo' | 'closeTime' | 'status'>,
): P {
  const noted = run.memo?.['progress'] as P;
  const { closeTime, status } = run;
  if (closeTime === undefined || status.name === 'COMPLETED') return noted;
  const state =
    status.name === 'CANCELLED' || status.name === 'TERMINATED' ? 'cancelled' : 'failed';
  return { ...noted, state, endedAt: closeTime };
}

function failureOf(
  error: WorkflowFailedError,
  { what, failures = {} }: OperationDeps,
): NightshiftError {
  const { cause } = error;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    const why = cause instanceof TerminatedFailure && cause.message ? `: ${cause.message}` : '';
    return new NightshiftError(
      'cancelled',
      `The ${what} was cancelled${why}; what it had done stays done`,
      { cause: error },
    );
  }
  const message = cause?.message ?? error.message;
  const code = cause instanceof ApplicationFailure ? (cause.type as ErrorCode) : undefined;
  const remedy = code === undefined ? undefined : failures[code];
  if (code === undefined || remedy === undefined)
    return new NightshiftError('operation_failed', `The ${what} failed: ${message}`, {
      cause: error,
    });
  const [details] = (cause as ApplicationFailure).details ?? [];
  return new NightshiftError(code, message, {
    cause: error,
    details: (details ?? {}) as Record<string, unknown>,
    remedies: [remedy],
  });
}
