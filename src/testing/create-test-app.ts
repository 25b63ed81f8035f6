import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NightshiftClient } from '../../client';
import { environmentOf, resolveConfig } from '../config';
import { connectMongodb } from '../connections/mongodb';
import { connectTemporal } from '../connections/temporal';
import type { HandlerDefinition } from '../definitions/app';
import type { DatastoreFunctions } from '../definitions/db';
import type { WorkerDefinition } from '../definitions/worker';
import { startServers } from '../servers/start-servers';
import type { Duration } from '../shared/duration';
import type { EmitOptions } from '../shared/emit-options';
import { silentProgress } from '../shared/progress';
import type { EventStatus } from '../shared/status';
import { createWorker } from '../worker/create-worker';
import { removeLeftovers } from './remove-leftovers';

/** Which app is tested, and how. */
export interface TestAppOptions {
  /** The file that exports the app's definitions, absolute or below the working directory. */
  readonly app: string;
  /** The file with the app's activities, or the activities. Default: the file `activities` beside the app, if any. */
  readonly activities?: string | Record<string, (...args: never[]) => unknown>;
  /** Stands in for every handler's own `retry.delay`. Default 10 ms. */
  readonly retryDelay?: Duration;
  /** True lets sleeps take their time. Default false: one that is longer than a second takes a second. */
  readonly sleeps?: boolean;
  /** True lets the app's crons run at their times. Default false: run them with `runCron`. */
  readonly schedules?: boolean;
}

/** How an event ended. */
export interface EventOutcome {
  readonly id: string;
  readonly status: EventStatus;
  /** What the handler returned, if `status` is `done`. */
  readonly value?: unknown;
  /** Why it failed, if `status` is `error` or `missing`. */
  readonly error?: Error;
  readonly attempts: number;
  /** With `settle`: how the events ended that its handler emitted, and theirs in turn. */
  readonly emitted?: readonly EventOutcome[];
}

/** How a test emits an event. */
export interface TestEmitOptions extends EmitOptions {
  /** True waits for the end of all events that it emitted, too, and of those that they emitted. Default false. */
  readonly settle?: boolean;
}

/** An app that is served for one test file. */
export interface TestApp extends AsyncDisposable {
  readonly client: NightshiftClient;
  readonly DB: DatastoreFunctions;
  /** Emits an event and waits for its end, retries included. Rejects only if the event is refused. */
  emit<Event>(
    event: NoInfer<Event>,
    handler: WorkerDefinition<Event>,
    options?: TestEmitOptions,
  ): Promise<EventOutcome>;
  /** The same by the handler's name. */
  emit(event: unknown, handler: string, options?: TestEmitOptions): Promise<EventOutcome>;
  /** Runs the cron of this name once, now, and waits for its end. */
  runCron(name: string): Promise<EventOutcome>;
}

/**
 * Serves an app for a test, under a name of its own: task queue and database are shared with nobody, so test files run
 * side by side. Uses the servers named by `TEMPORAL_ADDRESS` and `MONGODB_URI`, else starts some for this app alone.
 * Disposing it leaves nothing behind.
 * @throws {ConfigError} as `createWorker` does
 * @example
 * await using app = await createTestApp({ app: require.resolve('./app') });
 * const { status, value } = await app.emit({ name: 'Paul' }, 'onSignup');
 */
export async function createTestApp(options: TestAppOptions): Promise<TestApp> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    return await open(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  { app, activities, retryDelay = 10, sleeps = false, schedules = false }: TestAppOptions,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<TestApp> {
  const where = { name: `test-${randomBytes(6).toString('hex')}`, ...(await serversFor(closers)) };
  closers.push(() => clean(where));
  const connecting = connect(where); // while the worker process starts
  connecting.catch(() => {}); // it is awaited below
  closers.push(async () => (await connecting.catch(() => undefined))?.close());
  const worker = await createWorker(
    {
      ...where,
      app,
      retryDelay,
      schedules,
      metrics: false,
      ...(activities === undefined ? {} : { activities }),
    },
    {
      reloads: true, // the next test file bundles, too
      ...(sleeps ? {} : { interceptors: [require.resolve('../workflows/short-sleeps')] }),
    },
  );
  const running = worker.run();
  closers.push(async () => {
    await worker.shutdown();
    await running;
  });
  const client = await connecting;
  const emit = async (
    event: unknown,
    handler: HandlerDefinition | string,
    { settle = false, ...emitOptions }: TestEmitOptions = {},
  ): Promise<EventOutcome> => {
    const { id } = await client.emit(event, handler as string, emitOptions);
    return settle ? settledOutcomeOf(client, id) : outcomeOf(client, id);
  };
  return {
    client,
    DB: client.DB,
    emit,
    runCron: (name) => emit(null, name),
    [Symbol.asyncDispose]: close,
  };
}

async function outcomeOf(client: NightshiftClient, id: string): Promise<EventOutcome> {
  const event = client.events.get(id);
  const result = await event.result().then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error as Error }),
  );
  const { status, attempts } = await event.describe();
  return { id, status, attempts, ...result };
}

async function settledOutcomeOf(client: NightshiftClient, id: string): Promise<EventOutcome> {
  const outcome = await outcomeOf(client, id);
  const { attempts } = await client.traces.get(id);
  const children = attempts.flatMap(({ steps }) =>
    steps.flatMap((step) => step.children ?? step.child ?? []),
  );
  const emitted = children.map((child) => settledOutcomeOf(client, child.id));
  return { ...outcome, emitted: await Promise.all(emitted) };
}

interface Where {
  readonly temporal: { readonly address: string };
  readonly mongodb: { readonly uri: string };
}

async function serversFor(closers: (() => Promise<unknown>)[]): Promise<Where> {
  const env = environmentOf(process.cwd());
  const stateDir = mkdtempSync(join(tmpdir(), 'nightshift-test-'));
  closers.push(() => Promise.resolve(rmSync(stateDir, { recursive: true, force: true })));
  const ports = { temporal: 0, temporalUi: 0, mongodb: 0 };
  const servers = await startServers({ stateDir, env, ports, ui: false, progress: silentProgress });
  closers.push(() => servers.close());
  return { temporal: { address: servers.temporal.address }, mongodb: { uri: servers.mongodb.uri } };
}

async function clean(where: Where & { readonly name: string }): Promise<void> {
  const config = resolveConfig(where);
  const temporal = await connectTemporal(config.temporal);
  const mongodb = await connectMongodb(config.mongodb.uri, config.name);
  try {
    await removeLeftovers(config.name, temporal.client, mongodb.db);
  } finally {
    await Promise.all([temporal.close(), mongodb.close()]);
  }
}
