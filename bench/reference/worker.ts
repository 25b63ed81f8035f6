import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { createActivities } from './activities';

export interface Reference extends AsyncDisposable {
  /** Starts one workflow and waits for its result. */
  execute(workflow: string, id: string, arg: unknown): Promise<unknown>;
  /** How long one that has ended took by the server's clock; of this app, or of another. */
  ended(id: string, app?: string): Promise<number>;
  /** Waits for the end of one that was started. */
  result(id: string): Promise<unknown>;
  /** Starts one, and does not wait. */
  start(workflow: string, id: string, arg: unknown): Promise<unknown>;
  signal(id: string, signal: string): Promise<unknown>;
  /** How many workflows fit the query; of this app, or of another. */
  count(query: string, app?: string): Promise<number>;
}

/** A worker of hand-written workflows with the settings of Nightshift's, and a client beside it. */
export async function startReference(
  name: string,
  address: string,
  uri: string,
): Promise<Reference> {
  const mongo = await MongoClient.connect(uri);
  const native = await NativeConnection.connect({ address });
  // The same connection as the worker's: only so may Temporal start a workflow right in this process.
  const beside = new Client({ connection: native });
  const startBeside = async (workflow: string, id: string, arg: unknown): Promise<void> => {
    const workflowId = `${name}/${id}`;
    const options = { taskQueue: name, workflowId, args: [arg], requestEagerStart: true };
    await beside.workflow.start(workflow, options);
  };
  const worker = await Worker.create({
    connection: native,
    taskQueue: name,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('./workflows'),
      logger: new DefaultLogger('ERROR'),
    }),
    activities: createActivities(mongo.db(name), startBeside),
    maxConcurrentWorkflowTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 200,
    workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 10 },
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
  });
  const running = worker.run();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  return {
    execute: (workflow, id, arg) =>
      client.workflow.execute(workflow, {
        taskQueue: name,
        workflowId: `${name}/${id}`,
        args: [arg],
      }),
    result: (id) => client.workflow.getHandle(`${name}/${id}`).result(),
    ended: (id, app = name) => serverMs(client, `${app}/${id}`),
    start: (workflow, id, arg) =>
      client.workflow.start(workflow, {
        taskQueue: name,
        workflowId: `${name}/${id}`,
        args: [arg],
      }),
    signal: (id, signal) => client.workflow.getHandle(`${name}/${id}`).signal(signal),
    count: async (query, app = name) =>
      (await client.workflow.count(`TaskQueue = "${app}" AND ${query}`)).count,
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await Promise.all([native.close(), connection.close()]);
      await mongo.db(name).dropDatabase();
      await mongo.close();
    },
  };
}

/** How long a workflow that has ended took, by the server's clock. */
async function serverMs(client: Client, workflowId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const { startTime, closeTime } = raw.workflowExecutionInfo ?? {};
  return msOfTime(closeTime) - msOfTime(startTime);
}

function msOfTime(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? Number.NaN) * 1000 + (time?.nanos ?? 0) / 1e6;
}
