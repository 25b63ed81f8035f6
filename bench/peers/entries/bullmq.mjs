import { Queue, QueueEvents, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { LOOPBACK } from '../servers/process.mjs';
import { startRedis } from '../servers/redis.mjs';

const QUEUE = 'read-and-upsert';
const PEOPLE = 'people';
const KEPT = 1_000;

/** @type {import('../one.mjs').Start} */
export async function start({ dir, inFlight, variant }) {
  const server = await startRedis(dir, variant);
  const connection = { host: LOOPBACK, port: server.port, maxRetriesPerRequest: null };
  const redis = new Redis(connection);
  const readAndUpsert = async ({ data: { key, name } }) => {
    const before = await redis.hget(PEOPLE, key);
    const seen = (before === null ? 0 : JSON.parse(before).seen) + 1;
    await redis.hset(PEOPLE, key, JSON.stringify({ name, seen }));
    return seen;
  };
  const queue = new Queue(QUEUE, {
    connection,
    defaultJobOptions: { removeOnComplete: { count: KEPT } },
  });
  // Each wait for a job listens for the end of the queue too.
  queue.setMaxListeners(0);
  const events = new QueueEvents(QUEUE, { connection });
  const worker = new Worker(QUEUE, readAndUpsert, { connection, concurrency: inFlight });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady(), worker.waitUntilReady()]);
  return {
    server: server.version,
    async run(id, event) {
      const job = await queue.add('readAndUpsert', event, { jobId: id });
      await job.waitUntilFinished(events);
    },
    count: () => redis.hlen(PEOPLE),
    async close() {
      await worker.close();
      await events.close();
      await queue.close();
      redis.disconnect();
      await server.stop();
    },
  };
}
