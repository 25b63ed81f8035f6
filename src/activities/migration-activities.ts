import type { MigrationDefinition } from '../definitions/migration';
import { ConfigError } from '../shared/errors';
import type { MigrationCounts, PageEntry, PageOutcome, TransformedPage } from '../shared/migration';
import { atEdge } from './at-edge';
import { beating } from './beating';
import type { ActivityDeps } from './deps';

export interface WritePageOptions {
  readonly dryRun: boolean;
  /** The same for all pages of one run of a migration, another for the next. */
  readonly operation: string;
}

export interface MigrationActivities {
  'Migration::count'(migration: string): Promise<number>;
  'Migration::readPage'(
    migration: string,
    after: string | null,
    limit: number,
  ): Promise<PageEntry[]>;
  /** Its answer is in the history, the page is not: so a replay with repaired code goes the way that was gone. */
  'Migration::writePage'(
    migration: string,
    page: TransformedPage,
    options: WritePageOptions,
  ): Promise<PageOutcome>;
  'Migration::compare'(
    migration: string,
    operation: string,
  ): Promise<Pick<MigrationCounts, 'source' | 'target'>>;
}

const MAX_FAILURES = 100;

export function createMigrationActivities({
  migrations,
  copier,
}: ActivityDeps): MigrationActivities {
  const find = (name: string): MigrationDefinition => {
    const found = migrations.get(name);
    if (found !== undefined) return found;
    throw new ConfigError('migration_unknown', `The app does not export migration "${name}"`);
  };
  return atEdge<MigrationActivities>({
    'Migration::count': (name) => beating(() => copier.count(find(name).from)),
    'Migration::readPage': (name, after, limit) =>
      beating(() => copier.readPage(find(name).from, after, limit)),
    'Migration::writePage': async (name, { records, leftOut, failures }, { dryRun, operation }) => {
      if (!dryRun) await copier.writePage(records, find(name).to, operation);
      return {
        copied: records.length,
        leftOut,
        failed: failures.length,
        failures: failures.slice(0, MAX_FAILURES),
      };
    },
    'Migration::compare': async (name, operation) => {
      const { from, to } = find(name);
      const counts = (): Promise<[number, number]> =>
        Promise.all([copier.count(from), copier.countWritten(to, operation)]);
      const [source, target] = await beating(counts);
      return { source, target };
    },
  });
}
