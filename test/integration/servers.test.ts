import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { isGone, processesIn, type ProcessMark } from '../../src/servers/processes';
import { prepareNamespace } from '../../src/servers/prepare-namespace';
import { startServers, type RunningServers } from '../../src/servers/start-servers';
import { type ServerRecord } from '../../src/servers/state-claim';
import { silentProgress } from '../../src/shared/progress';
import { runTypeScript, useFolder } from '../unit/servers/support';

// Servers of its own, never those the environment names. The first run on a machine may have to build them.
const env = { ...process.env, TEMPORAL_ADDRESS: '', MONGODB_URI: '' };
jest.setTimeout(60_000);

const folder = useFolder();
const options = (stateDir = folder.path) => ({
  stateDir,
  env,
  ports: { temporal: 0, temporalUi: 0, mongodb: 0 },
  ui: false,
  progress: silentProgress,
});

beforeAll(async () => {
  const first = mkdtempSync(join(tmpdir(), 'nightshift-servers-'));
  await (await startServers(options(first))).close();
  rmSync(first, { recursive: true });
}, 30 * 60_000);

async function withClients<T>(
  servers: RunningServers,
  use: (temporal: Client, mongodb: MongoClient) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address: servers.temporal.address });
  const mongodb = await new MongoClient(servers.mongodb.uri).connect();
  try {
    return await use(new Client({ connection }), mongodb);
  } finally {
    await Promise.all([connection.close(), mongodb.close()]);
  }
}

function processesOf(stateDir: string): { owner: ProcessMark; servers: ServerRecord[] } {
  return JSON.parse(readFileSync(join(stateDir, 'servers.json'), 'utf8')) as never;
}

/** Starts the servers in a process of its own and returns it. */
async function startElsewhere(): Promise<ReturnType<typeof runTypeScript>['child']> {
  const module = require.resolve('../../src/servers/start-servers.ts');
  const { child, line } = runTypeScript(`
    const { startServers } = await ns.import(${JSON.stringify(module)});
    const task = () => ({ update() {}, done() {}, failed() {} });
    const env = { ...process.env, TEMPORAL_ADDRESS: '', MONGODB_URI: '' };
    await startServers({ ...${JSON.stringify(options())}, env, progress: { task } });
    console.log('ready');`);
  expect(await line()).toBe('ready');
  return child;
}

test('both servers answer, the namespace is prepared, and nothing is left afterwards', async () => {
  const servers = await startServers(options());
  const { servers: running } = processesOf(folder.path);
  await withClients(servers, async ({ connection }, mongodb) => {
    const describe = () => connection.workflowService.describeNamespace({ namespace: 'default' });
    const { config } = await describe();
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
    await prepareNamespace(connection, 'default', { retentionMs: 86_400_000 });
    expect((await describe()).config).toEqual(config);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(customAttributes).toHaveProperty('NightshiftStatus', 2);
    expect(await mongodb.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
  await Promise.all([servers.close(), servers.close()]);
  for (const { child, guard } of running) {
    expect(await isGone(child, 0)).toBe(true);
    expect(await isGone(guard, 1_000)).toBe(true);
  }
  expect(() => processesOf(folder.path)).toThrow('ENOENT');
});

test('state survives a restart', async () => {
  const first = await startServers(options());
  await withClients(first, async ({ workflow }, mongodb) => {
    await workflow.start('kept', { taskQueue: 'nobody', workflowId: 'w-1' });
    await mongodb.db('shop').collection('Users').insertOne({ name: 'paul' });
    await mongodb.db('shop').collection('Users').createIndex({ name: 1 }, { unique: true });
  });
  await first.close();
  await using second = await startServers(options());
  await withClients(second, async ({ workflow }, mongodb) => {
    expect(await workflow.getHandle('w-1').describe()).toMatchObject({ type: 'kept' });
    const users = mongodb.db('shop').collection('Users');
    expect(await users.findOne({ name: 'paul' })).toMatchObject({ name: 'paul' });
    await expect(users.insertOne({ name: 'paul' })).rejects.toMatchObject({ code: 11000 });
  });
});

test('many clients at once are served', async () => {
  await using servers = await startServers(options());
  const clients = Array.from({ length: 100 }, () => new MongoClient(servers.mongodb.uri));
  const counters = clients.map((client) =>
    client.db('shop').collection<{ _id: string }>('counters'),
  );
  await Promise.all(
    counters.map((c) => c.updateOne({ _id: 'n' }, { $inc: { count: 1 } }, { upsert: true })),
  ).catch(() => {}); // first writes of one key may collide; what counts is below
  const results = await Promise.all(counters.map((c) => c.insertOne({ _id: crypto.randomUUID() })));
  expect(results.every(({ acknowledged }) => acknowledged)).toBe(true);
  expect(await counters[0]?.countDocuments()).toBe(101);
  await Promise.all(clients.map((client) => client.close()));
});

test('the servers end when their owner is killed, and start again at once', async () => {
  const owner = await startElsewhere();
  const { servers } = processesOf(folder.path);
  expect(servers.length).toBeGreaterThan(1);
  owner.kill('SIGKILL');
  for (const { child } of servers) expect(await isGone(child, 12_000)).toBe(true);
  await using again = await startServers(options());
  expect(again.temporal.address).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('a start ends what is left when the guards were killed too', async () => {
  const owner = await startElsewhere();
  const { servers } = processesOf(folder.path);
  owner.kill('SIGSTOP'); // so that it cannot end its servers when it sees the guards go
  for (const { guard } of servers) process.kill(guard.pid, 'SIGKILL');
  const dead = once(owner, 'exit');
  owner.kill('SIGKILL');
  await dead; // while it lives, the folder is its own
  for (const { child } of servers) expect(await isGone(child, 0)).toBe(false);
  await using again = await startServers(options());
  for (const { child } of servers) expect(await isGone(child, 0)).toBe(true);
  await withClients(again, async (_, mongodb) => {
    expect(await mongodb.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});

// PostgreSQL's first process cannot take the others along when it is killed. One that is busy, or stopped, lives on, and
// would go on writing to data on which a new server works.
test('a start ends what is left of a PostgreSQL whose first process was killed', async () => {
  const servers = await startServers(options());
  await withClients(servers, (_temporal, mongodb) => mongodb.db('d').command({ ping: 1 }));
  const data = join(folder.path, 'mongodb');
  const { servers: records } = processesOf(folder.path);
  const first = records.find(({ name }) => name === 'PostgreSQL')?.child;
  if (first === undefined) return await servers.close(); // mongod is one process
  const others = (await processesIn(data)).filter(({ pid }) => pid !== first.pid);
  expect(others.length).toBeGreaterThan(0);
  for (const { pid } of others) process.kill(pid, 'SIGSTOP');
  process.kill(first.pid, 'SIGKILL');
  await servers.exited;
  await servers.close();
  const again = await startServers(options());
  try {
    for (const other of others) expect(await isGone(other, 0)).toBe(true);
    await withClients(again, (_temporal, mongodb) => mongodb.db('d').command({ ping: 1 }));
  } finally {
    for (const { pid } of others)
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // gone, as it should be
      }
    await again.close();
  }
});

test('of two starts at once for one project one works, the other says who has it', async () => {
  const results = await Promise.allSettled([startServers(options()), startServers(options())]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  for (const result of results) {
    if (result.status === 'fulfilled') await result.value.close();
    else expect(result.reason).toMatchObject({ code: 'servers_in_use' });
  }
});

test('two projects run side by side', async () => {
  const started = ['a', 'b'].map((name) => startServers(options(join(folder.path, name))));
  const [a, b] = await Promise.all(started);
  if (a === undefined || b === undefined) throw new Error('unreachable');
  await withClients(a, (_, mongodb) => mongodb.db('shop').collection('x').insertOne({ n: 1 }));
  await withClients(b, async (_, mongodb) => {
    expect(await mongodb.db('shop').collection('x').countDocuments()).toBe(0);
  });
  await Promise.all([a.close(), b.close()]);
});

test('tells when a server ends that nobody asked to end', async () => {
  await using servers = await startServers(options());
  const temporal = processesOf(folder.path).servers.find(({ name }) => name === 'Temporal');
  process.kill(temporal?.child.pid ?? 0, 'SIGKILL');
  expect(await servers.exited).toMatchObject({ name: 'Temporal', signal: 'SIGKILL' });
});
