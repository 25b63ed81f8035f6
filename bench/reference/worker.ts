import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { createActivities } from './activities';

export interface Reference extends AsyncDisposable {
  /** Starts one workflow and waits for its result. */
  execute(workflow: string, id: string, arg: unknown): Promise<unknown>;
}

/** A worker of hand-written workflows with the settings of Nightshift's, and a client beside it. */
export async function startReference(
  name: string,
  address: string,
  uri: string,
): Promise<Reference> {
  const mongo = await MongoClient.connect(uri);
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    taskQueue: name,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('./workflows'),
      logger: new DefaultLogger('ERROR'),
    }),
    activities: createActivities(mongo.db(name)),
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
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await Promise.all([native.close(), connection.close()]);
      await mongo.db(name).dropDatabase();
      await mongo.close();
    },
  };
}
