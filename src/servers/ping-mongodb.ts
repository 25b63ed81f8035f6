import { MongoClient, type Document } from 'mongodb';
import { isListening, LOOPBACK } from './ports';
import { poll } from './wait';

const READY_MS = 60_000;

/** True once the server on the port answers a ping, false if it takes too long or `signal` fires. */
export async function mongodbAnswers(port: number, signal: AbortSignal): Promise<boolean> {
  if (!(await poll(() => isListening(port), READY_MS, { signal }))) return false;
  return poll(() => says(port, { ping: 1 }, () => true), READY_MS, { signal, everyMs: 50 });
}

/** Whether the server's answer to `command` passes `test`; false if it does not answer. */
export function says(
  port: number,
  command: Document,
  test: (answer: Document) => boolean,
): Promise<boolean> {
  return withMongodb(port, async (client) => test(await client.db('admin').command(command))).catch(
    () => false,
  );
}

/** Runs `use` with a client for exactly this server, also while its replica set has no primary. */
export async function withMongodb<T>(
  port: number,
  use: (client: MongoClient) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(`mongodb://${LOOPBACK}:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
