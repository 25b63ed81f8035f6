import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { type Db, MongoClient } from 'mongodb';
import { connect, type NightshiftClient } from 'nightshift/client';
import { createWorker, type CreateWorkerOptions, type NightshiftWorker } from 'nightshift/worker';

/** What a test file works with; there from `beforeAll` to `afterAll`. */
export interface TestApp {
  /** The app's name, and so its task queue and database: of this test file and this run only. */
  readonly name: string;
  readonly client: NightshiftClient;
  readonly worker: NightshiftWorker;
  /** To look behind the public interface, at histories and schedules. */
  readonly temporal: Client;
  /** The same for stored documents. */
  readonly db: Db;
  /** Another worker process of the same app, shut down at the end. */
  startWorker(options: Partial<CreateWorkerOptions>): Promise<NightshiftWorker>;
}

type WorkerOptions = Partial<Omit<CreateWorkerOptions, 'app' | 'name'>>;

/** It bundles the app, and waits for the worker to end: on a busy machine that may take long. */
const HOOK_MS = 120_000;
const APPS = join(__dirname, '..', 'integration', 'apps');

/**
 * Gives a test file an app of its own: a worker that serves `app`, a file of test/integration/apps, a client, and the
 * cleaning up. Without `app` no worker is started.
 */
export function useApp(app?: string, options: WorkerOptions = {}): TestApp {
  const name = appName();
  const closers: (() => Promise<unknown>)[] = [];
  const parts: Partial<Record<'client' | 'worker' | 'temporal' | 'db', unknown>> = {};
  const part = <T>(key: keyof typeof parts): T => {
    if (parts[key] === undefined) throw new Error(`Test app: no ${key} yet, or none asked for`);
    return parts[key] as T;
  };

  const startWorker = async (more: Partial<CreateWorkerOptions>): Promise<NightshiftWorker> => {
    const started = await createWorker({ app: appPath(app ?? ''), ...options, ...more, name });
    closers.push(() => started.shutdown());
    return started;
  };

  beforeAll(async () => {
    const connection = await Connection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
    closers.push(() => connection.close());
    const temporal = new Client({ connection });
    parts.temporal = temporal;
    const mongo = await MongoClient.connect(process.env['MONGODB_URI'] ?? '');
    closers.push(() => mongo.close());
    const db = mongo.db(name);
    parts.db = db;
    closers.push(() => db.dropDatabase());
    closers.push(() => endOpenWorkflows(temporal, name));
    closers.push(() => deleteSchedules(temporal, name));
    if (app !== undefined) parts.worker = await startWorker({});
    const client = await connect({ name });
    closers.push(() => client.close());
    parts.client = client;
  }, HOOK_MS);

  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  }, HOOK_MS);

  return {
    name,
    startWorker,
    get client() {
      return part<NightshiftClient>('client');
    },
    get worker() {
      return part<NightshiftWorker>('worker');
    },
    get temporal() {
      return part<Client>('temporal');
    },
    get db() {
      return part<Db>('db');
    },
  };
}

/** The path of an app of test/integration/apps; an absolute path stays. */
export function appPath(app: string): string {
  return app.startsWith('/') ? app : join(APPS, app);
}

function appName(): string {
  const file = basename(expect.getState().testPath ?? 'test').replace(/\.test\.ts$/, '');
  return `t-${file.slice(0, 30)}-${randomUUID().slice(0, 8)}`;
}

async function deleteSchedules(temporal: Client, app: string): Promise<void> {
  for await (const { scheduleId } of temporal.schedule.list()) {
    if (scheduleId.startsWith(`${app}/`)) await temporal.schedule.getHandle(scheduleId).delete();
  }
}

async function endOpenWorkflows(temporal: Client, app: string): Promise<void> {
  const query = `TaskQueue = "${app}" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    await temporal.workflow
      .getHandle(workflowId)
      .terminate('the test file has ended')
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // ended by itself meanwhile
      });
  }
}
