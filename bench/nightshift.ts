import { MongoClient } from 'mongodb';
import { connect, type NightshiftClient } from 'nightshift/client';
import { createWorker } from 'nightshift/worker';
import type { BenchContext } from './row';

export interface Ours extends AsyncDisposable {
  readonly client: NightshiftClient;
}

/** An app served in this process, and a client beside it. */
export async function startOurs(
  name: string,
  app: string,
  { temporal, mongodb }: BenchContext,
): Promise<Ours> {
  const options = { name, temporal: { address: temporal }, mongodb: { uri: mongodb } };
  const worker = await createWorker({ ...options, app, schedules: false });
  const running = worker.run();
  const client = await connect(options);
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await worker.shutdown();
      await running;
      const mongo = await MongoClient.connect(mongodb);
      await mongo.db(name).dropDatabase();
      await mongo.close();
    },
  };
}
