import {
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { ConflictError, NightshiftError, NotFoundError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import {
  MIGRATION_WORKFLOW,
  type MigrationProgress,
  type MigrationReport,
  type MigrationState,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
} from '../shared/migration';
import type { MigrationsDeps } from './migrations';

/** A migration that was started, seen from outside. Each function rejects with `migration_not_found` if it never was. */
export interface MigrationHandle {
  readonly name: string;
  /** How far it is. Answered by Temporal alone: also while no worker process runs, and after the end. */
  progress(): Promise<MigrationProgress>;
  /**
   * Waits for the end.
   * @throws {NightshiftError} code `migration_failed` (names the record and the reason; `details` is the report),
   *   `migration_unknown` if the app exports no such migration, or `cancelled`
   */
  result(): Promise<MigrationReport>;
  /** Stops after the present page, until `resume`. @throws {ConflictError} code `migration_ended` */
  pause(): Promise<void>;
  /** @throws {ConflictError} code `migration_ended` */
  resume(): Promise<void>;
  /** Ends it after the present page. What was copied stays in the second datastore. Does nothing if it has ended. */
  cancel(): Promise<void>;
}

export function createMigrationHandle(
  name: string,
  { client, app }: MigrationsDeps,
): MigrationHandle {
  const workflow = client.workflow.getHandle(workflowIdOf(app, `${MIGRATION_WORKFLOW}/${name}`));

  const describe = async (): Promise<WorkflowExecutionDescription> => {
    try {
      return await workflow.describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw notFound(name, app, error);
      throw error;
    }
  };
  const progress = async (): Promise<MigrationProgress> => progressOf(await describe());

  /** Temporal has one answer for a workflow that ended and one that never was. */
  const whileRunning = async (ask: () => Promise<unknown>): Promise<void> => {
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw ended(await progress(), error);
    }
  };

  return {
    name,
    progress,
    async result() {
      try {
        return (await workflow.result()) as MigrationReport;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) throw notFound(name, app, error);
        throw error instanceof WorkflowFailedError ? failure(error, await progress()) : error;
      }
    },
    pause: () => whileRunning(() => workflow.signal(PAUSE_SIGNAL)),
    resume: () => whileRunning(() => workflow.signal(RESUME_SIGNAL)),
    async cancel() {
      await describe();
      await workflow.cancel().catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // it has ended
      });
    },
  };
}

/** The workflow notes its progress in its memo; how it ended, Temporal knows best. */
function progressOf({ memo, status, closeTime }: WorkflowExecutionDescription): MigrationProgress {
  const noted = memo?.['progress'] as MigrationProgress;
  if (closeTime === undefined) return noted;
  return { ...noted, state: endStateOf(status.name), endedAt: closeTime };
}

function endStateOf(status: WorkflowExecutionDescription['status']['name']): MigrationState {
  switch (status) {
    case 'COMPLETED':
      return 'done';
    case 'CANCELLED':
    case 'TERMINATED':
      return 'cancelled';
    default:
      return 'failed';
  }
}

function failure(
  error: WorkflowFailedError,
  { migration, copied, dryRun }: MigrationProgress,
): NightshiftError {
  const { cause } = error;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    const kept = dryRun ? '' : `; the ${copied} records that it had copied are kept`;
    return new NightshiftError('cancelled', `Migration "${migration}" was cancelled${kept}`, {
      cause: error,
      details: { migration, copied },
    });
  }
  const message = cause?.message ?? error.message;
  if (!(cause instanceof ApplicationFailure)) {
    return new NightshiftError('migration_failed', message, { cause: error });
  }
  if (cause.type === 'migration_unknown') {
    return new NotFoundError('migration_unknown', message, {
      cause,
      remedies: ['export the migration from the app module'],
    });
  }
  return new NightshiftError('migration_failed', message, {
    cause,
    details: (cause.details?.[0] ?? {}) as Record<string, unknown>,
    remedies: ['nothing is lost: mend the code or the record, and start the migration again'],
  });
}

function ended({ migration, state }: MigrationProgress, cause: unknown): ConflictError {
  return new ConflictError('migration_ended', `Migration "${migration}" has ended: ${state}`, {
    cause,
    details: { migration, state },
  });
}

function notFound(name: string, app: string, cause: unknown): NotFoundError {
  return new NotFoundError(
    'migration_not_found',
    `App "${app}" never started migration "${name}"`,
    {
      cause,
      details: { migration: name, app },
      remedies: [`start it with: nightshift migrate ${name}`],
    },
  );
}
