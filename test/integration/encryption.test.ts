import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { connect, type NightshiftClient } from 'nightshift/client';
import { createWorker, type NightshiftWorker } from 'nightshift/worker';
import { createEncryptionCodec } from '../../src/connections/encryption-codec';
import { parseEncryptionKeys } from '../../src/connections/encryption-keys';
import { createCodecServer } from '../../src/dashboard/create-codec-server';
import { createDashboard } from '../../src/dashboard/create-dashboard';
import { listen } from '../../src/dashboard/listen';
import { defaultCacheDir } from '../../src/servers/cache';
import { obtainTemporal } from '../../src/servers/obtain-temporal';
import { type RunningServers, startServers } from '../../src/servers/start-servers';
import { silentProgress } from '../../src/shared/progress';
import { bundleForReplay, replayTrace } from '../../src/testing/replay-traces';
import type { SavedTrace } from '../../src/traces/saved-trace';
import { useAppFolder } from '../support/app-folder';
import { errorWith } from '../support/error-with';
import { until } from '../support/until';

// A Temporal of its own, whose files are read; the MongoDB of the other tests.
jest.setTimeout(120_000);
const stateDir = mkdtempSync(join(tmpdir(), 'nightshift-encryption-'));
const folder = useAppFolder();

const SOURCE = `
  import { emitMany, onError } from 'nightshift';
  type Marked = { mark: string };
  const never = { retry: { retries: 0 } };
  const once = { retry: { retries: 1 } };
  export const Users = datastore('Users', { name: t.String });
  export const Copies = datastore('Copies', { name: t.String });
  export const copy = migration('copy', Users, Copies, ({ name }) => {
    throw new Error('cannot copy ' + name);
  });
  export const all = worker('all', async ({ mark }: Marked) => {
    await DB.set({ name: mark }, mark, Users);
    const found = await DB.get(mark, Users);
    await DB.queryExactFields({ name: mark }, Users);
    const queried = await DB.query(Users, (u) => u.name === mark);
    await emit({ mark }, 'child');
    await emitMany([{ mark }, { mark }], 'child');
    await emit({ mark }, 'nobody');
    await sleep('10 ms');
    log.info('seen ' + mark, { mark });
    const { echo } = activities({ startToCloseTimeout: '10s' });
    return { found, queried, echoed: await echo(mark) };
  });
  export const child = worker('child', async ({ mark }: Marked) => mark);
  export const fails = worker('fails', once, async ({ mark }: Marked) => {
    throw new RangeError('refused ' + mark, { cause: new Error('because of ' + mark) });
  });
  export const activityFails = worker('activityFails', never, async ({ mark }: Marked) => {
    const { refuse } = activities({ startToCloseTimeout: '10s', retries: 1 });
    await refuse(mark);
  });
  export const stepFails = worker('stepFails', never, async ({ mark }: Marked) => {
    await DB.set({ name: mark, [mark]: mark } as never, mark, Users);
  });
  export const typed = worker('typed', { event: t.Record({ mark: t.Int }) }, async () => {});
  export const waits = worker('waits', async ({ mark }: Marked) => { await sleep('1 day'); return mark; });
  export const tick = cron('tick', 'Daily', async () => {
    log.info('ticked');
    return DB.getAll(Users);
  });
  export const failed = onError(async ({ error }) => error.message);
`;

const activities = {
  echo: async (value: unknown) => value,
  refuse: async (value: string) => {
    throw new Error(`activity refused ${value}`);
  },
};

const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const NEXT = `k2:${Buffer.alloc(32, 8).toString('base64')}`;

let servers: RunningServers;
let appFile: string;
const closers: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  appFile = folder.write(SOURCE);
  servers = await startServers({
    stateDir,
    env: { ...process.env, TEMPORAL_ADDRESS: '' },
    ports: { temporal: 0, temporalUi: 0 },
    ui: false,
    progress: silentProgress,
  });
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  await servers.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const where = (name: string, encryptionKey?: string) => ({
  name,
  temporal: {
    address: servers.temporal.address,
    ...(encryptionKey === undefined ? {} : { encryptionKey }),
  },
  mongodb: { uri: servers.mongodb.uri },
});

async function serve(name: string, key?: string): Promise<NightshiftWorker> {
  const worker = await createWorker({
    ...where(name, key),
    app: appFile,
    activities,
    retryDelay: 10,
  });
  closers.push(() => worker.shutdown());
  return worker;
}

async function client(name: string, key?: string): Promise<NightshiftClient> {
  const connected = await connect(where(name, key));
  closers.push(() => connected.close());
  return connected;
}

/** How often a text stands in what Temporal has stored. */
const stored = (text: string): number =>
  readdirSync(stateDir)
    .filter((file) => file.startsWith('temporal.db'))
    .map((file) => readFileSync(join(stateDir, file)).toString('latin1').split(text).length - 1)
    .reduce((a, b) => a + b, 0);

/** One event, or more, of each kind that there is. */
async function runAll(app: NightshiftClient, mark: string): Promise<void> {
  const ended = async (handler: string, id: string): Promise<void> => {
    const event = await app.emit({ mark }, handler, { id });
    await event.result().catch(() => {});
  };
  await ended('all', 'all');
  for (const handler of ['fails', 'activityFails', 'stepFails', 'typed'])
    await ended(handler, handler);
  await until(
    () => app.events.count(),
    ({ new: waiting, locked }) => waiting + locked === 0,
  );
  await (await app.crons.runNow('tick')).result();
  const waiting = await app.emit({ mark }, 'waits', { id: 'waits' });
  await until(
    () => app.traces.get('waits'),
    ({ attempts }) => attempts[0]?.steps.length === 1,
  );
  await waiting.cancel();
  await waiting.result().catch(() => {});
  await app.queues.pause('child', { reason: 'for a while', by: 'test' });
  await app.emit({ mark }, 'child', { id: 'held' });
  await until(
    () => app.events.get('held').describe(),
    ({ heldSince }) => heldSince !== undefined,
  );
  await (await app.queues.resume('child', { canary: 1 })).result();
  await app.events.get('held').result();
  await (await app.events.redrive({ handler: 'fails', text: mark })).result();
  await app.events
    .get('fails')
    .result()
    .catch(() => {});
  const dry = await app.migrations.start('copy', { dryRun: true });
  await dry.result();
  await (await app.migrations.start('copy')).result().catch(() => {});
}

test('without a key, values and errors stand in what Temporal stores', async () => {
  await serve('plain');
  await runAll(await client('plain'), 'PLAINMARKER');
  expect(stored('PLAINMARKER')).toBeGreaterThan(100);
  for (const before of ['refused ', 'because of ', 'cannot copy ', 'activity refused '])
    expect(stored(`${before}PLAINMARKER`)).toBeGreaterThan(0);
});

describe('with a key', () => {
  const mark = 'SECRETMARKER';
  let app: NightshiftClient;
  let worker: NightshiftWorker;
  beforeAll(async () => {
    worker = await serve('sealed', KEY);
    app = await client('sealed', KEY);
    await runAll(app, mark);
  });

  test('nothing of them stands in what Temporal stores', async () => {
    expect(stored('sealed/fails')).toBeGreaterThan(0); // it is there, and ids are not hidden
    expect(stored(mark)).toBe(0);
    expect(stored(Buffer.from(mark).toString('base64').slice(0, 12))).toBe(0);
  });

  test('whoever has it reads results, errors, attempts and failures', async () => {
    const { found, queried, echoed } = (await app.events.get('all').result()) as Record<
      string,
      unknown
    >;
    expect({ found, queried, echoed }).toEqual({
      found: { name: mark },
      queried: [{ name: mark }],
      echoed: mark,
    });
    await expect(app.events.get('fails').result()).rejects.toThrow(`refused ${mark}`);
    await expect(app.events.get('activityFails').result()).rejects.toThrow(
      `activity refused ${mark}`,
    );
    const { errors } = await app.events.get('fails').describe();
    expect(errors.map(({ message }) => message)).toEqual([
      `RangeError: refused ${mark}`,
      `RangeError: refused ${mark}`,
    ]);
    const failures = await app.failures.list({ handler: 'fails' });
    expect(failures).toEqual([
      expect.objectContaining({
        message: `RangeError: refused ${mark}`,
        line: expect.stringMatching(/app\.ts:\d+:\d+$/) as string,
      }),
    ]);
    const [told] = await app.traces.list('onError');
    expect(await app.events.get(told?.id ?? '').result()).toMatch(mark);
  });

  test('whoever has it sees traces whole, with parents, arguments, summaries and logs', async () => {
    const { event, attempts } = await app.traces.get('all');
    expect(event).toEqual({ mark });
    const [attempt] = attempts;
    expect(attempt?.incomplete).toBeUndefined();
    expect(attempt?.logs).toEqual([
      expect.objectContaining({ message: `seen ${mark}`, fields: { mark } }),
    ]);
    const get = attempt?.steps.find(({ name }) => name === 'DB::get');
    expect(get).toMatchObject({
      args: [mark, 'Users'],
      result: { name: mark },
      summary: `Users "${mark}"`,
    });
    const child = attempt?.steps.find(({ name }) => name === 'Event::emit')?.child;
    expect(await app.traces.get(child?.id ?? '')).toMatchObject({ parent: { id: 'all' } });
    const { attempts: failed } = await app.traces.get('fails');
    expect(failed.at(-1)?.error).toMatchObject({
      type: 'RangeError',
      message: `refused ${mark}`,
      cause: { message: `because of ${mark}` },
    });
  });

  test.each(['all', 'fails', 'stepFails'])('the saved trace of "%s" replays', async (id) => {
    const saved = JSON.parse(JSON.stringify(await app.traces.save(id))) as SavedTrace;
    expect(await replayTrace(saved, await bundleForReplay(appFile))).toBeUndefined();
  });

  test('the dashboard shows the event', async () => {
    const dashboard = createDashboard({ client: app });
    const page = await dashboard.app.request('http://localhost/events/fails', {
      headers: { accept: 'text/html', host: 'localhost' },
    });
    expect(await page.text()).toContain(`refused ${mark}`);
    await dashboard.close();
  });

  test("Temporal's own command line shows them by the codec endpoint", async () => {
    const { env } = process;
    const cli = await obtainTemporal(undefined, {
      ...{ cacheDir: defaultCacheDir(env), env, progress: silentProgress, signal: undefined },
    });
    const endpoint = await listen({
      app: createCodecServer({
        codec: createEncryptionCodec(parseEncryptionKeys(KEY)),
        tokens: { token: 'a-token' },
        origins: [],
      }),
      ...{ host: '127.0.0.1', port: 0, what: 'the codec endpoint', option: '--port' },
    });
    closers.push(() => endpoint.close());
    const result = async (...options: string[]): Promise<string> => {
      const where = ['--address', servers.temporal.address, '--workflow-id', 'sealed/all'];
      const args = ['workflow', 'result', ...where, ...options];
      return (await promisify(execFile)(cli.path, args)).stdout;
    };
    const codec = ['--codec-endpoint', endpoint.url, '--codec-auth', 'Bearer a-token'];
    expect(await result()).not.toContain(mark);
    expect(await result(...codec)).toContain(`"echoed":"${mark}"`);
  });

  test('crons are found in line, and their schedules read', async () => {
    await worker.reload();
    const { name } = await app.crons.get('tick');
    expect(name).toBe('tick');
    expect(await app.traces.list('tick')).not.toHaveLength(0);
  });

  test('whoever lacks it is told so, and shown nothing', async () => {
    const without = await client('sealed');
    await expect(without.events.get('all').result()).rejects.toThrow(
      'What Temporal stores is encrypted, and NIGHTSHIFT_ENCRYPTION_KEY is not set here',
    );
    const other = await client('sealed', NEXT);
    await expect(other.events.get('all').result()).rejects.toThrow(
      errorWith({ code: 'payload_unreadable' }),
    );
  });

  test('a new key reads what the old one has written, if that stands behind it', async () => {
    await worker.shutdown();
    worker = await serve('sealed', `${NEXT},${KEY}`);
    const both = await client('sealed', `${NEXT},${KEY}`);
    const event = await both.emit({ mark }, 'child', { id: 'rotated' });
    expect(await event.result()).toBe(mark);
    expect((await both.traces.get('all')).attempts[0]?.incomplete).toBeUndefined();
    await expect(app.events.get('rotated').result()).rejects.toThrow(/needs key "k2"/);
  });
});

test('events wait at a worker process without the key, and go on at one that has it', async () => {
  const app = await client('waiting', KEY);
  const without = await serve('waiting');
  const event = await app.emit({ mark: 'x' }, 'child', { id: 'waits' });
  const { stuck } = await until(
    () => event.describe(),
    (described) => described.stuck !== undefined,
  );
  expect(stuck?.reason).toMatch(/NIGHTSHIFT_ENCRYPTION_KEY is not set here/);
  await without.shutdown();
  await serve('waiting', KEY);
  expect(await event.result()).toBe('x');
});

afterAll(async () => {
  const mongo = await MongoClient.connect(process.env['MONGODB_URI'] ?? '');
  for (const name of ['plain', 'sealed', 'waiting']) await mongo.db(name).dropDatabase();
  await mongo.close();
});
