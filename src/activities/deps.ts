import type { Client } from '@temporalio/client';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { MigrationDefinition } from '../definitions/migration';
import type { RecordCopier } from '../datastore/copy-records';
import type { Records } from '../datastore/records';
import type { Redriven } from '../events/redriven';
import type { Emitter } from '../events/emit-event';
import type { Gate } from '../queues/gate';
import type { Held } from '../queues/held';
import type { MissingList } from '../queues/missing-list';
import type { Rules } from '../queues/rules';

/** What activities need of the outside world. */
export interface ActivityDeps {
  readonly datastores: ReadonlyMap<string, DatastoreDefinition>;
  readonly records: Records;
  readonly migrations: ReadonlyMap<string, MigrationDefinition>;
  readonly copier: RecordCopier;
  readonly emitter: Emitter;
  readonly missing: MissingList;
  readonly gate: Gate;
  readonly held: Held;
  readonly rules: Rules;
  readonly redriven: Redriven;
  readonly client: Client;
  /** The app's name. */
  readonly app: string;
  /** Stands in for every handler's own `retry.delay`: for tests and trials. */
  readonly retryDelayMs?: number;
}
