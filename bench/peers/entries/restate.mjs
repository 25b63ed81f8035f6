import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { freePort, LOOPBACK, startProcess } from '../servers/process.mjs';

const require = createRequire(import.meta.url);

// A virtual object a record: its state lives in the server, next to the journal.
const person = restate.object({
  name: 'person',
  handlers: {
    async readAndUpsert(context, { name }) {
      const before = await context.get('record');
      const seen = (before?.seen ?? 0) + 1;
      context.set('record', { name, seen });
      return seen;
    },
  },
});

/** @type {import('../one.mjs').Start} */
export async function start({ dir }) {
  const [ingress, admin, node, port] = await Promise.all(Array.from({ length: 4 }, freePort));
  // As it comes, except for where it listens: the log waits for the disk.
  const env = {
    ...process.env,
    RESTATE_BASE_DIR: dir,
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_BIND_ADDRESS: `${LOOPBACK}:${node}`,
    RESTATE_ADVERTISED_ADDRESS: `http://${LOOPBACK}:${node}`,
    RESTATE_INGRESS__BIND_ADDRESS: `${LOOPBACK}:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `${LOOPBACK}:${admin}`,
    RESTATE_DISABLE_TELEMETRY: 'true',
  };
  const server = await startProcess(program(), ['--no-logo'], {
    env,
    cwd: dir,
    port: admin,
    log: join(dir, 'restate.log'),
  });
  await restate.serve({ services: [person], port, logger: () => undefined });
  await untilRegistered(admin, `http://${LOOPBACK}:${port}`);
  const client = clients.connect({ url: `http://${LOOPBACK}:${ingress}` });
  return {
    server: `restate-server ${require('@restatedev/restate-server/package.json').version}`,
    async run(id, { key, name }) {
      const options = clients.rpc.opts({ idempotencyKey: id });
      await client.objectClient(person, key).readAndUpsert({ name }, options);
    },
    async count() {
      const query = `SELECT count(*) AS count FROM state WHERE service_name = 'person'`;
      const { rows } = await post(admin, '/query', { query });
      return Number(rows[0].count);
    },
    async close() {
      // The endpoint has no end of its own; it goes with this process.
      await server.stop();
    },
  };
}

function program() {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@restatedev/restate-server-${platform}/bin/restate-server`;
  return require.resolve(name);
}

async function untilRegistered(admin, uri) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(admin, '/deployments', { uri });
    } catch (error) {
      if (attempt === 100) throw error;
      await wait(100);
    }
  }
}

async function post(admin, path, body) {
  const response = await fetch(`http://${LOOPBACK}:${admin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
