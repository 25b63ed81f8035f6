import { setTimeout as wait } from 'node:timers/promises';
import { Logger, run } from 'graphile-worker';
import {
  countPeople,
  openPeople,
  openPool,
  readAndUpsert,
  startPostgres,
} from '../servers/postgres.mjs';

const quiet = new Logger(() => () => undefined);

/** @type {import('../one.mjs').Start} */
export async function start({ dir, inFlight }) {
  const server = await startPostgres(dir);
  const pool = await openPeople(server.url);
  const ended = new Map();
  const jobs = openPool(server.url);
  const runner = await run({
    pgPool: jobs,
    noHandleSignals: true,
    logger: quiet,
    // What its page on performance gives as a start for many jobs; 0 ms, since here someone waits for each.
    preset: {
      worker: {
        concurrentJobs: inFlight,
        localQueue: { size: inFlight + 1 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    taskList: { readAndUpsert: (event) => readAndUpsert(pool, event) },
  });
  runner.events.on('job:complete', ({ job, error }) => {
    const { resolve, reject } = ended.get(job.payload.id);
    ended.delete(job.payload.id);
    if (error) reject(error);
    else resolve();
  });
  return {
    server: server.version,
    async run(id, event) {
      const done = new Promise((resolve, reject) => ended.set(id, { resolve, reject }));
      await runner.addJob('readAndUpsert', { id, ...event });
      await done;
    },
    // A batch may still be on its way; a job that is completed is deleted.
    async settled() {
      const open = 'SELECT 1 FROM graphile_worker._private_jobs LIMIT 1';
      while ((await pool.query(open)).rows.length > 0) await wait(2);
    },
    count: () => countPeople(pool),
    async close() {
      await runner.stop();
      await jobs.end();
      await pool.end();
      await server.stop();
    },
  };
}
