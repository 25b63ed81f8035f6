import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { MigrationDefinition } from '../definitions/migration';
import { ConflictError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import { MIGRATION_WORKFLOW, type MigrationInput, startedProgress } from '../shared/migration';
import { nameOf } from '../shared/names';
import { createMigrationHandle, type MigrationHandle } from './migration-handle';

export interface StartMigrationOptions {
  /** Only tries every record: counts, and lists those that would fail. Writes nothing. Default false. */
  readonly dryRun?: boolean;
}

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
}

export interface MigrationsDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

export function createMigrations(deps: MigrationsDeps): Migrations {
  const { client, app, now } = deps;
  const get = (name: string): MigrationHandle => createMigrationHandle(name, deps);
  return {
    async start(migration, { dryRun = false } = {}) {
      const name = nameOf(migration, 'A migration name');
      const input: MigrationInput = { migration: name, dryRun };
      try {
        await client.workflow.start(MIGRATION_WORKFLOW, {
          workflowId: workflowIdOf(app, `${MIGRATION_WORKFLOW}/${name}`),
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
  };
}

function running(name: string, cause: unknown): ConflictError {
  return new ConflictError('migration_running', `Migration "${name}" runs already`, {
    cause,
    details: { migration: name },
    remedies: ['wait for its end, or cancel it: client.migrations.get(name).cancel()'],
  });
}
