import { RESERVED_PREFIX } from './names';

/** The workflow type of migrations, and the start of their ids. */
export const MIGRATION_WORKFLOW = `${RESERVED_PREFIX}migration`;

/** Signals to a migration that runs. */
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';

/** How far a migration is. */
export type MigrationState = 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** How far a migration is. */
export interface MigrationProgress {
  readonly migration: string;
  readonly state: MigrationState;
  /** True if nothing is written: the records are only tried. */
  readonly dryRun: boolean;
  /** How many records the first datastore had when it began. */
  readonly total: number;
  /** Records written to the second datastore; in a dry run, those that would be. */
  readonly copied: number;
  /** Records for which the migration's function gave undefined. */
  readonly leftOut: number;
  /** Records that cannot be copied. A real run stops at the first. */
  readonly failed: number;
  /** Records a second, pauses not counted. */
  readonly rate: number;
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

/** A record that cannot be copied, and why. */
export interface FailedRecord {
  readonly key: string;
  readonly reason: string;
}

/** What a migration that ended has done. */
export interface MigrationReport extends MigrationProgress {
  /** The first 100 records that cannot be copied. */
  readonly failures: readonly FailedRecord[];
  /** Absent for a dry run. */
  readonly counts?: MigrationCounts;
}

/** Both datastores, counted after the last record was copied. */
export interface MigrationCounts {
  /** Records of the first datastore. */
  readonly source: number;
  /** Records of the second datastore that this run of the migration wrote. */
  readonly target: number;
  /** True if the second has all of the first's but those left out: nobody added or deleted records meanwhile. */
  readonly equal: boolean;
}

/** What the workflow is started with. */
export interface MigrationInput {
  readonly migration: string;
  readonly dryRun: boolean;
}

/** A key and its record; or, for a record that does not fit its own schema, null and the reason. */
export type PageEntry =
  readonly [string, Record<string, unknown>] | readonly [string, null, string];

/** What the migration's function made of one page. */
export interface TransformedPage {
  readonly records: readonly (readonly [string, Record<string, unknown>])[];
  readonly leftOut: number;
  readonly failures: readonly FailedRecord[];
}

/** What became of one page: the only thing that the workflow goes by. */
export interface PageOutcome {
  readonly copied: number;
  readonly leftOut: number;
  readonly failed: number;
  readonly failures: readonly FailedRecord[];
}

export function startedProgress(
  { migration, dryRun }: MigrationInput,
  at: Date,
): MigrationProgress {
  const none = { total: 0, copied: 0, leftOut: 0, failed: 0, rate: 0 };
  return { migration, state: 'running', dryRun, ...none, startedAt: at };
}

/** The records dealt with so far. */
export const handledOf = ({ copied, leftOut, failed }: MigrationProgress): number =>
  copied + leftOut + failed;
