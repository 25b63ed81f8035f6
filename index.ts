/**
 * Definitions, and what handlers call. Runs inside the workflow sandbox; may be imported from Node as well.
 * @module
 */
export { worker } from './src/definitions/worker';
export type {
  EventInfo,
  Handler,
  RetryOptions,
  WorkerDefinition,
  WorkerOptions,
} from './src/definitions/worker';
export { onError } from './src/definitions/on-error';
export type { ErrorHandler, FailedEvent } from './src/definitions/on-error';
export { cron } from './src/definitions/cron';
export type { CronDefinition, CronOptions, CronTime, IntervalName } from './src/definitions/cron';
export { datastore } from './src/definitions/datastore';
export type { DatastoreDefinition, DatastoreOptions, RecordOf } from './src/definitions/datastore';
export { migration } from './src/definitions/migration';
export type { MigrationDefinition } from './src/definitions/migration';
export { t } from './src/definitions/types';
export type { Fields, Type, ValueOf, ValueOfFields } from './src/definitions/types';
export type { DatastoreFunctions, Explanation, ScanOptions } from './src/definitions/db';

export { emit } from './src/workflows/emit';
export { emitMany } from './src/workflows/emit-many';
export { DB } from './src/workflows/db';
export { Password } from './src/workflows/password';
export { activities } from './src/workflows/activities';
export type { ActivitiesOptions } from './src/workflows/activities';
export { flag } from './src/workflows/flag';
export { sleep } from './src/workflows/sleep';
export { log } from './src/workflows/log';
export { uuid4 as uuid } from '@temporalio/workflow';

export { NonRetryable } from './src/shared/non-retryable';
export { HashedPassword } from './src/shared/password';
export type { Duration } from './src/shared/duration';
export type { EmitOptions } from './src/shared/emit-options';
export {
  ConfigError,
  ConflictError,
  hasCode,
  InvalidInputError,
  NightshiftError,
  NotFoundError,
} from './src/shared/errors';
export type { ErrorCode, ErrorOptions } from './src/shared/errors';
