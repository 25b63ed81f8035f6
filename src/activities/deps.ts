import type { DatastoreDefinition } from '../definitions/datastore';
import type { Records } from '../datastore/records';
import type { Emitter } from '../events/emit-event';
import type { MissingList } from '../queues/missing-list';

/** What activities need of the outside world. */
export interface ActivityDeps {
  readonly datastores: ReadonlyMap<string, DatastoreDefinition>;
  readonly records: Records;
  readonly emitter: Emitter;
  readonly missing: MissingList;
  /** Stands in for every handler's own `retry.delay`: for tests and trials. */
  readonly retryDelayMs?: number;
}
