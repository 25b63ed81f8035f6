import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  GracefulShutdownPeriodExpiredError,
  IllegalStateError,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { createActivities } from '../activities/create-activities';
import { unknownActivity } from '../activities/unknown-activity';
import { bundleApart } from '../app/bundle-apart';
import { type AppBundle, bundleApp } from '../app/bundle-app';
import { checkUses, type WantedIndexes } from '../app/check-uses';
import { loadActivities, loadApp } from '../app/load-app';
import type { ResolvedConfig } from '../config';
import { dataConverterOf, failureConverterPath } from '../connections/data-converter';
import type { MongodbConnection } from '../connections/mongodb';
import type { OpenTelemetry } from '../connections/opentelemetry';
import { connectionOptions, temporalUnreachable } from '../connections/temporal';
import { tracedStarts } from '../connections/traced-starts';
import { outdatedCrons, removeSchedules, updateSchedules } from '../crons/sync-schedules';
import { createRecordCopier, type RecordCopier } from '../datastore/copy-records';
import { createIndexes } from '../datastore/create-indexes';
import { createRecords, type Records } from '../datastore/records';
import { createSchemaLock } from '../datastore/schema-lock';
import type { App } from '../definitions/app';
import { createEmitter } from '../events/emit-event';
import { createRedriven } from '../events/redriven';
import { createGate } from '../queues/gate';
import { createHeld } from '../queues/held';
import { createMissingList } from '../queues/missing-list';
import { createRules } from '../queues/rules';
import { createServedHandlers } from '../queues/served-handlers';
import { NightshiftError } from '../shared/errors';
import type { Logger } from '../shared/logger';
import { MAX_VALUE_BYTES } from '../shared/storable';
import { currentBuild, deploymentOptions, versionedInterceptor } from './builds';
import { measureDbCalls, measureHeld, metricsInterceptor } from './metrics';
import { installRuntime } from './runtime';
import { spansInterceptor, spanSinks, tracedActivities } from './spans';

type UserActivities = Record<string, (...args: never[]) => unknown>;

export interface ServingDeps {
  readonly config: ResolvedConfig;
  readonly mongodb: MongodbConnection;
  readonly openTelemetry?: OpenTelemetry;
  readonly appPath: string;
  /** See `BundleOptions`. */
  readonly interceptors: readonly string[];
  /** See `WorkerInternals`. */
  readonly reloads: boolean;
  /** The module with the app's activities, or the activities themselves. */
  readonly activities?: string | UserActivities;
  /** False leaves the schedules of the app's crons as they are. */
  readonly schedules: boolean;
  readonly logger: Logger;
}

/** One version of an app's code, being served. */
export interface Serving {
  readonly app: App;
  readonly files: readonly string[];
  /** Creates and changes the schedules of the app's crons: when no older code serves that may lack some. */
  updateSchedules(): Promise<void>;
  /** Resolves when it serves no longer; rejects if it had to give up. */
  readonly ended: Promise<void>;
  shutdown(): Promise<void>;
}

// Tuned on 2 cores: more pollers or slots gain nothing there.
const TASK_SLOTS = 100;
const STEP_SLOTS = 200;
const POLLERS = 10;
// So many unfinished events a worker process keeps at hand, at up to 140 KB each; others it replays when they go on.
const CACHED_EVENTS = 800;
/** After the grace, what activities that were told to end may take. */
const SHUTDOWN_FORCE_MS = 5_000;

/** An app as it is now, found to be in order. */
export interface LoadedApp {
  readonly app: App;
  readonly appBundle: AppBundle;
  readonly userActivities: UserActivities;
  readonly indexes: WantedIndexes;
  readonly records: Records;
  readonly copier: RecordCopier;
}

/** Loads and bundles the app, and sees that its datastores are as it defines them. Needs no Temporal. */
export async function load(deps: ServingDeps): Promise<LoadedApp> {
  const { appPath, interceptors, config, reloads } = deps;
  const { callStacks = false } = config;
  const [app, appBundle, userActivities] = await Promise.all([
    loadApp(appPath),
    (reloads ? bundleApp : bundleApart)(appPath, {
      interceptors: [
        ...interceptors,
        ...(config.metrics === undefined ? [] : [metricsInterceptor]),
        ...(config.buildId === undefined ? [] : [versionedInterceptor]),
        ...(config.openTelemetry !== true ? [] : [spansInterceptor]),
      ],
      ...(config.temporal.encryptionKey === undefined ? {} : { failureConverterPath }),
      callStacks,
    }),
    activitiesOf(deps.activities),
  ]);
  const indexes = checkUses(app, appBundle.uses);
  const { db } = deps.mongodb;
  const stores = { db, lock: createSchemaLock(db), maxResultBytes: MAX_VALUE_BYTES };
  const records = createRecords(stores);
  await Promise.all([...app.datastores.values()].map((datastore) => records.prepare(datastore)));
  const copier = createRecordCopier(stores);
  return { app, appBundle, userActivities, indexes, records, copier };
}

/**
 * Deletes the schedules of crons that the app has no more, and starts to serve it. The other schedules follow with
 * `updateSchedules`.
 */
export async function serve(deps: ServingDeps, loaded: LoadedApp): Promise<Serving> {
  const { config, logger } = deps;
  const { app, indexes } = loaded;
  const { db } = deps.mongodb;
  await createServedHandlers(db, () => new Date()).store(app);
  installRuntime(logger, config.metrics); // not before: one without a connection keeps the process alive
  // A connection of its own: one connection serves one worker of a task queue, and while code is reloaded there are two.
  const connection = await connectNative(config.temporal);
  try {
    const dataConverter = dataConverterOf(config.temporal.encryptionKey);
    const { openTelemetry } = deps;
    const client = new Client({
      connection,
      namespace: config.temporal.namespace,
      dataConverter,
      ...(openTelemetry === undefined
        ? {}
        : { interceptors: { workflow: [tracedStarts(openTelemetry)] } }),
    });
    const sync = { client, app: config.name, now: Date.now };
    const tell = (change: string, crons: readonly string[]): void => {
      if (crons.length > 0) logger.log('info', `crons ${change}`, { crons });
    };
    const outdated = deps.schedules
      ? await outdatedCrons(app.crons, sync)
      : new Map<string, never>();
    if (deps.schedules) tell('removed', await removeSchedules(app.crons, sync));
    const worker = await createTemporalWorker(deps, {
      ...loaded,
      connection,
      client,
      dataConverter,
    });
    void createIndexes(db, indexes, logger); // large datastores take long, and answer meanwhile
    const serving = start(worker, connection, loaded);
    if (config.buildId !== undefined) await tellBuild(config.buildId, sync, logger);
    if (config.metrics !== undefined) {
      const { metricMeter } = Runtime.instance();
      const held = createHeld(db, () => new Date());
      const stop = measureHeld(metricMeter, held, config.name, logger);
      void serving.ended.finally(stop).catch(() => {});
    }
    return {
      ...serving,
      async updateSchedules() {
        const { created, updated } = await updateSchedules(outdated, sync);
        tell('created', created);
        tell('updated', updated);
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Nobody would know why a worker process has nothing to do. */
async function tellBuild(
  buildId: string,
  { client, app }: { readonly client: Client; readonly app: string },
  logger: Logger,
): Promise<void> {
  const current = await currentBuild(client, app);
  if (current === buildId) return;
  const begin = current === undefined ? 'on worker processes without a build' : `on ${current}`;
  logger.log('warn', `events begin ${begin}, until: nightshift deploy ${buildId}`, { buildId });
}

async function activitiesOf(
  activities: string | UserActivities | undefined,
): Promise<UserActivities> {
  return typeof activities === 'string' ? loadActivities(activities) : (activities ?? {});
}

async function connectNative(config: ResolvedConfig['temporal']): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions(config) as never);
  } catch (error) {
    throw await temporalUnreachable(config, error);
  }
}

interface Parts extends LoadedApp {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly dataConverter: DataConverter;
}

function createTemporalWorker(
  { config, mongodb, openTelemetry }: ServingDeps,
  { app, appBundle, userActivities, records, copier, connection, client, dataConverter }: Parts,
): Promise<Worker> {
  const now = (): Date => new Date();
  const rules = createRules(mongodb.db, now);
  const held = createHeld(mongodb.db, now);
  const ours = createActivities({
    datastores: app.datastores,
    records,
    migrations: app.migrations,
    copier,
    // The same connection as the worker's: only so may Temporal start an emitted event right in this process.
    emitter: createEmitter({
      ...{ client, app: config.name, now: Date.now },
      eager: config.buildId === undefined, // else it would begin on this build, be it current or not
    }),
    missing: createMissingList(mongodb.db, now),
    gate: createGate(rules, held),
    held,
    rules,
    redriven: createRedriven(mongodb.db, now),
    client,
    app: config.name,
    ...(config.retryDelayMs === undefined ? {} : { retryDelayMs: config.retryDelayMs }),
  });
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.name,
    workflowBundle: appBundle.bundle,
    activities: {
      default: unknownActivity(Object.keys(userActivities)),
      ...userActivities,
      ...ours,
    },
    dataConverter,
    interceptors: {
      activity: [
        ...(openTelemetry === undefined ? [] : [tracedActivities(openTelemetry)]),
        ...(config.metrics === undefined ? [] : [measureDbCalls(Runtime.instance().metricMeter)]),
      ],
    },
    ...(openTelemetry === undefined ? {} : { sinks: spanSinks(openTelemetry) }),
    ...(config.buildId === undefined
      ? {}
      : { workerDeploymentOptions: deploymentOptions(config.name, config.buildId) }),
    maxCachedWorkflows: CACHED_EVENTS,
    maxConcurrentWorkflowTaskExecutions: TASK_SLOTS,
    maxConcurrentLocalActivityExecutions: STEP_SLOTS,
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: POLLERS },
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
    shutdownGraceTime: config.shutdownGraceMs,
    shutdownForceTime: config.shutdownGraceMs + SHUTDOWN_FORCE_MS,
  });
}

/** Temporal's complaint about what is left over hides why it is. */
const isForced = (error: unknown): boolean =>
  error instanceof GracefulShutdownPeriodExpiredError ||
  (error instanceof IllegalStateError && /still in use/.test(error.message));

async function runToEnd(worker: Worker, connection: NativeConnection): Promise<void> {
  try {
    await worker.run();
  } catch (error) {
    if (!isForced(error)) throw error;
    throw new NightshiftError(
      'shutdown_forced',
      'Activities went on after they were told to end: they are left alone, and run again elsewhere when they time out',
      {
        cause: error,
        remedies: [
          'let long activities honour the cancellation signal of their context',
          'or give them more time: NIGHTSHIFT_SHUTDOWN_GRACE',
        ],
      },
    );
  } finally {
    // Temporal does not close a connection that a forsaken worker has; the process is about to end.
    await connection.close().catch(() => {});
  }
}

function start(
  worker: Worker,
  connection: NativeConnection,
  { app, appBundle }: LoadedApp,
): Omit<Serving, 'updateSchedules'> {
  const ended = runToEnd(worker, connection);
  ended.catch(() => {}); // whoever waits for it gets the failure; nobody may be waiting yet
  return {
    app,
    files: appBundle.files,
    ended,
    async shutdown() {
      // Temporal's runtime may have begun to drain it already, on a signal
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}
