import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import type { MigrationDefinition } from '../definitions/migration';
import { ConflictError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import { createPausable, type PausableOperation, progressOf } from '../operations/operation';
import {
  MIGRATION_WORKFLOW,
  type MigrationInput,
  type MigrationProgress,
  type MigrationReport,
  startedProgress,
} from '../shared/migration';
import { nameOf } from '../shared/names';

/** How a migration runs. */
export interface StartMigrationOptions {
  /** Only tries every record: counts, and lists those that would fail. Writes nothing. Default false. */
  readonly dryRun?: boolean;
}

/**
 * A migration that was started, seen from outside. Its `result` rejects with code `migration_failed` (names the record
 * and the reason; `details` is the report) or `migration_unknown` if the app exports no such migration.
 */
export interface MigrationHandle extends PausableOperation<MigrationProgress, MigrationReport> {
  readonly name: string;
}

/** The app's migrations, as `client.migrations`. */
export interface Migrations {
  /**
   * Starts a migration of the app: every record of its first datastore is copied into the second, by the worker
   * processes. Resolves when Temporal has stored it. One that was started before copies all records anew.
   * @throws {ConflictError} code `migration_running` if it runs already
   * @example
   * const migration = await client.migrations.start('posts-v2', { dryRun: true });
   * console.log((await migration.result()).failures);
   */
  start(
    migration: MigrationDefinition | string,
    options?: StartMigrationOptions,
  ): Promise<MigrationHandle>;
  /** The migration as it was started last; whether it was shows when it is asked something. */
  get(migration: MigrationDefinition | string): MigrationHandle;
  /** How far each is that was ever started and that Temporal still keeps, as it was started last; the newest first. */
  list(): Promise<MigrationProgress[]>;
}

export interface MigrationsDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

export function createMigrations({ client, app, now }: MigrationsDeps): Migrations {
  const idOf = (name: string): string => workflowIdOf(app, `${MIGRATION_WORKFLOW}/${name}`);
  const get = (name: string): MigrationHandle => ({
    name,
    ...createPausable<MigrationProgress, MigrationReport>({
      client,
      workflowId: idOf(name),
      what: `migration "${name}"`,
      ifMissing: `start it with: nightshift migrate ${name}`,
      failures: {
        migration_failed:
          'nothing is lost: mend the code or the record, and start the migration again',
        migration_unknown: 'export the migration from the app module',
      },
    }),
  });
  return {
    async start(migration, { dryRun = false } = {}) {
      const name = nameOf(migration, 'A migration name');
      const input: MigrationInput = { migration: name, dryRun };
      try {
        await client.workflow.start(MIGRATION_WORKFLOW, {
          workflowId: idOf(name),
          taskQueue: app,
          args: [input],
          memo: { progress: startedProgress(input, new Date(now())) },
          staticSummary: `${dryRun ? 'dry run of ' : ''}migration ${name}`,
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
        });
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) throw running(name, error);
        throw error;
      }
      return get(name);
    },
    get: (migration) => get(nameOf(migration, 'A migration name')),
    async list() {
      const query = `TaskQueue = "${app}" AND WorkflowType = "${MIGRATION_WORKFLOW}"`;
      const newest = new Map<string, WorkflowExecutionInfo>();
      for await (const run of client.workflow.list({ query })) {
        const known = newest.get(run.workflowId);
        if (known === undefined || known.startTime < run.startTime) newest.set(run.workflowId, run);
      }
      return [...newest.values()]
        .sort((a, b) => b.startTime.getTime() - a.startTime.getTime())
        .map((run) => progressOf<MigrationProgress>(run));
    },
  };
}

function running(name: string, cause: unknown): ConflictError {
  return new ConflictError('migration_running', `Migration "${name}" runs already`, {
    cause,
    details: { migration: name },
    remedies: ['wait for its end, or cancel it: client.migrations.get(name).cancel()'],
  });
}
