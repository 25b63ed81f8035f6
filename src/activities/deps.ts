import type { DatastoreDefinition } from '../definitions/datastore';
import type { MigrationDefinition } from '../definitions/migration';
import type { RecordCopier } from '../datastore/copy-records';
import type { Records } from '../datastore/records';
import type { Emitter } from '../events/emit-event';
import type { Flags } from '../flags/flags';
import type { MissingList } from '../queues/missing-list';

/** What activities need of the outside world. */
export interface ActivityDeps {
  readonly datastores: ReadonlyMap<string, DatastoreDefinition>;
  readonly records: Records;
  readonly migrations: ReadonlyMap<string, MigrationDefinition>;
  readonly copier: RecordCopier;
  readonly emitter: Emitter;
  readonly missing: MissingList;
  readonly flags: Flags;
  /** Stands in for every handler's own `retry.delay`: for tests and trials. */
  readonly retryDelayMs?: number;
}
