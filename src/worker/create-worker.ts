import { resolveActivitiesPath, resolveAppPath } from '../app/app-path';
import { type ConnectOptions, resolveConfig, type WorkerSettings } from '../config';
import { connectMongodb } from '../connections/mongodb';
import { openTelemetryOf } from '../connections/opentelemetry';
import { connectTemporal } from '../connections/temporal';
import { indexDeletions } from '../datastore/delete-once';
import { indexRedriven } from '../events/redriven';
import { indexHeld } from '../queues/held';
import { prepareNamespace } from '../servers/prepare-namespace';
import { hasCode, messageOf } from '../shared/errors';
import { type Logger, silentLogger } from '../shared/logger';
import { load, type LoadedApp, serve, type Serving, type ServingDeps } from './serve';

/** Which app a worker process serves, and how. */
export interface CreateWorkerOptions extends ConnectOptions, WorkerSettings {
  /** The file that exports the app's definitions, absolute or below the working directory. */
  readonly app: string;
  /** The file with the app's activities, or the activities. Default: the file `activities` beside the app, if any. */
  readonly activities?: string | Record<string, (...args: never[]) => unknown>;
  /** False leaves the schedules of the app's crons as they are. Default true. */
  readonly schedules?: boolean;
  /** Where the worker process and its handlers log. Default: nowhere. */
  readonly logger?: Logger;
}

/** For `nightshift dev` and `nightshift/testing`. */
export interface WorkerInternals {
  /** See `BundleOptions`. */
  readonly interceptors?: readonly string[];
  /** True keeps the bundler at hand, for a process that will bundle again. Default false. */
  readonly reloads?: boolean;
}

/** A worker process that serves an app. */
export interface NightshiftWorker extends AsyncDisposable {
  /** Names of what it serves. */
  readonly serves: {
    readonly workers: string[];
    readonly crons: string[];
    readonly datastores: string[];
  };
  /** The app's files that are served: the ones to watch for changes. */
  readonly files: readonly string[];
  /** Resolves when the worker process was told to stop, by `shutdown` or by SIGINT or SIGTERM, and has drained. */
  run(): Promise<void>;
  /** Serves the app's code as it is now. If it cannot be loaded, rejects and goes on serving the old code. */
  reload(): Promise<void>;
  /**
   * Takes no new events, waits for the running ones (see `shutdownGrace`), closes its connections. Idempotent.
   * @throws {NightshiftError} code `shutdown_forced` if activities did not end: they are run again elsewhere
   */
  shutdown(): Promise<void>;
}

/**
 * Loads and bundles an app, connects, brings the schedules of its crons in line, and starts to serve it.
 * @throws {ConfigError} code `app_not_found`, `app_invalid`, `definition_duplicate`, `bundle_failed`, `cron_invalid`,
 *   `config_invalid`, `opentelemetry_missing`, `temporal_unreachable` or `mongodb_unreachable`
 * @example
 * const worker = await createWorker({ app: 'app.ts', name: 'shop' });
 * await worker.run();
 */
export async function createWorker(
  options: CreateWorkerOptions,
  { interceptors = [], reloads = false }: WorkerInternals = {},
): Promise<NightshiftWorker> {
  const cwd = process.cwd();
  const config = resolveConfig(options);
  const appPath = resolveAppPath(options.app, cwd);
  const activities =
    typeof options.activities === 'object'
      ? options.activities
      : resolveActivitiesPath(options.activities, appPath, cwd);
  const logger = options.logger ?? silentLogger;
  const openTelemetry = await openTelemetryOf(config, logger);
  const mongodb = await connectMongodb(config.mongodb.uri, config.name);
  const deps: ServingDeps = {
    config,
    mongodb,
    ...(openTelemetry === undefined ? {} : { openTelemetry }),
    appPath,
    interceptors,
    reloads,
    ...(activities === undefined ? {} : { activities }),
    schedules: options.schedules ?? true,
    logger,
  };
  try {
    const [loaded] = await Promise.all([
      load(deps),
      prepare(config.temporal),
      indexDeletions(mongodb.db),
      indexHeld(mongodb.db),
      indexRedriven(mongodb.db),
    ]);
    return new WorkerProcess(deps, await started(deps, loaded));
  } catch (error) {
    await mongodb.close();
    throw error;
  }
}

async function started(deps: ServingDeps, loaded: LoadedApp): Promise<Serving> {
  const serving = await serve(deps, loaded);
  try {
    await serving.updateSchedules();
    return serving;
  } catch (error) {
    await serving.shutdown();
    throw error;
  }
}

async function prepare(config: ServingDeps['config']['temporal']): Promise<void> {
  const temporal = await connectTemporal(config);
  try {
    await prepareNamespace(temporal.client.connection, config.namespace);
  } finally {
    await temporal.close();
  }
}

class WorkerProcess implements NightshiftWorker {
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly deps: ServingDeps,
    private serving: Serving,
  ) {}

  get serves(): NightshiftWorker['serves'] {
    const { workers, crons, datastores } = this.serving.app;
    return {
      workers: [...workers.keys()],
      crons: [...crons.keys()],
      datastores: [...datastores.keys()],
    };
  }

  get files(): readonly string[] {
    return this.serving.files;
  }

  async run(): Promise<void> {
    try {
      for (let served: Serving | undefined; served !== this.serving;) {
        served = this.serving;
        // A reload puts another in its place before it ends the old one, which may be forced.
        await served.ended.catch((error: unknown) => {
          if (served === this.serving || !hasCode(error, 'shutdown_forced')) throw error;
        });
      }
    } finally {
      await this.shutdown();
    }
  }

  async reload(): Promise<void> {
    const old = this.serving;
    this.serving = await serve(this.deps, await load(this.deps));
    await old.shutdown().catch((error: unknown) => {
      if (!hasCode(error, 'shutdown_forced')) throw error;
      this.deps.logger.log('warn', messageOf(error), {});
    });
    await this.serving.updateSchedules();
  }

  shutdown(): Promise<void> {
    this.stopping ??= this.stop();
    return this.stopping;
  }

  private async stop(): Promise<void> {
    try {
      await this.serving.shutdown();
    } finally {
      await this.deps.mongodb.close();
      await this.deps.openTelemetry?.flush();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}
