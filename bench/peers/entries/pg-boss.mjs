import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { countPeople, openPeople, readAndUpsert, startPostgres } from '../servers/postgres.mjs';

const QUEUE = 'read-and-upsert';

/** @type {import('../one.mjs').Start} */
export async function start({ dir, inFlight }) {
  const server = await startPostgres(dir);
  const pool = await openPeople(server.url);
  // The worker is woken when a job is stored; without it, it looks every half second at best.
  const boss = new PgBoss({ connectionString: server.url, useListenNotify: true });
  let closing = false;
  boss.on('error', (error) => {
    if (!closing) console.error(error);
  });
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true });
  const ended = new Map();
  const handle = async ({ id, data }) => {
    await readAndUpsert(pool, data);
    ended.get(id)();
    ended.delete(id);
    return { id, status: 'completed' };
  };
  // One worker with batches was faster than as many workers as jobs: each of those looks at every notice.
  const options = { batchSize: inFlight, burstWhenBatchFull: true, perJobResults: true };
  await boss.work(QUEUE, options, (jobs) => Promise.all(jobs.map(handle)));
  return {
    server: server.version,
    // It tells nobody that a job is completed: the end of the handler counts, and completion, which follows, in `settled`.
    async run(_id, event) {
      const id = randomUUID();
      const done = new Promise((resolve) => ended.set(id, resolve));
      await boss.send(QUEUE, event, { id });
      await done;
    },
    async settled() {
      const open = `SELECT 1 FROM pgboss.job WHERE name = $1 AND state <> 'completed' LIMIT 1`;
      while ((await pool.query(open, [QUEUE])).rows.length > 0) await wait(2);
    },
    count: () => countPeople(pool),
    async close() {
      closing = true;
      await boss.stop({ graceful: true, close: true });
      await pool.end();
      await server.stop();
    },
  };
}
