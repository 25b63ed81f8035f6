import { setTimeout as wait } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { countPeople, openPeople, READ, startPostgres, UPSERT } from '../servers/postgres.mjs';

const QUEUE = 'read-and-upsert';
const POLL_MS = 10;

/**
 * `direct`: the emitting process runs the workflow, and answers from memory. `queue`: whoever polls the queue runs it.
 * @type {import('../one.mjs').Start}
 */
export async function start({ dir, inFlight, variant }) {
  const server = await startPostgres(dir);
  const pool = await openPeople(server.url);
  const read = (key) => pool.query({ name: 'read', text: READ, values: [key] });
  const upsert = (...values) => pool.query({ name: 'upsert', text: UPSERT, values });
  const readAndUpsert = DBOS.registerWorkflow(
    async ({ key, name }) => {
      const seen = await DBOS.runStep(async () => (await read(key)).rows[0]?.seen, {
        name: 'read',
      });
      const now = (seen ?? 0) + 1;
      await DBOS.runStep(async () => void (await upsert(key, name, now)), { name: 'upsert' });
      return now;
    },
    { name: 'readAndUpsert' },
  );
  DBOS.setConfig({
    name: 'peers',
    systemDatabaseUrl: server.url,
    logLevel: 'error',
  });
  await DBOS.launch();
  if (variant === 'queue')
    await DBOS.registerQueue(QUEUE, {
      workerConcurrency: inFlight,
      minPollingIntervalMs: POLL_MS,
      onConflict: 'always_update',
    });
  const options = variant === 'queue' ? { queueName: QUEUE } : {};
  return {
    server: server.version,
    async run(id, event) {
      const handle = await DBOS.startWorkflow(readAndUpsert, { workflowID: id, ...options })(event);
      await handle.getResult({ pollingIntervalMs: POLL_MS });
    },
    async settled() {
      const open = `SELECT 1 FROM dbos.workflow_status WHERE status <> 'SUCCESS' LIMIT 1`;
      while ((await pool.query(open)).rows.length > 0) await wait(2);
    },
    count: () => countPeople(pool),
    async close() {
      await DBOS.shutdown();
      await pool.end();
      await server.stop();
    },
  };
}
