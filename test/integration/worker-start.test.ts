import { createWorker } from 'nightshift/worker';
import { connect } from 'nightshift/client';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';

const folder = useAppFolder();
const app = useApp();
const start = (path: string): Promise<unknown> =>
  createWorker({ app: path, name: app.name, schedules: false });
const OK = `export const a = worker('a', async () => 1);\n`;

test.each<[string, string | undefined, string, RegExp]>([
  ['is not there', undefined, 'app_not_found', /^No app module at "/],
  [
    'exports nothing',
    'worker("a", async () => 1);',
    'app_invalid',
    /exports no worker, cron or datastore$/,
  ],
  [
    'exports two workers of one name',
    `${OK}export const b = worker('a', async () => 2);`,
    'definition_duplicate',
    /share the name "a"$/,
  ],
  [
    'exports datastores that differ in case',
    `export const A = datastore('A', {}); export const a = datastore('a', {});`,
    'definition_duplicate',
    /have names that differ in nothing but case: "A" and "a"$/,
  ],
  ['does not parse', 'export const a = worker(', 'app_invalid', /cannot be loaded/],
  [
    'throws',
    `throw new Error('at import');`,
    'app_invalid',
    /cannot be loaded: .*at import \(.*app\.ts:\d+\)$/,
  ],
  [
    'has a bad definition',
    `export const a = worker('', async () => 1);`,
    'app_invalid',
    /cannot be loaded: .*A worker name must not be empty/,
  ],
  [
    'imports Node',
    `export const a = worker('a', async () => (await import('node:os')).hostname());`,
    'bundle_failed',
    /^The app cannot be bundled: .*app\.ts imports "node:os", and handlers run in a sandbox/,
  ],
  [
    'imports what is not there',
    `import { x } from './gone';\nexport const a = worker('a', async () => x);`,
    'app_invalid',
    /gone/,
  ],
  [
    'uses a datastore that it does not export',
    `const D = datastore('D', { a: t.Int });\nexport const a = worker('a', async () => DB.get('k', D));`,
    'datastore_unknown',
    /^The app does not export datastore "D", which .*app\.ts:3:42 uses; it exports: none$/,
  ],
])('an app module that %s is refused', async (_what, source, code, message) => {
  const path = source === undefined ? `${folder.path}/gone.ts` : folder.write(source);
  const error: unknown = await start(path).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'ConfigError', code });
  expect((error as Error).message).toMatch(message);
});

test.each<[string, string, RegExp]>([
  [
    'cannot be compiled',
    'DB.query(D, (d) => d.a > now())',
    /^Query at .*app\.ts:3:67: .*\n\n {2}3 \| \(d\) => d\.a > now\(\)\n {4}\| {14}\^{5}$/,
  ],
  [
    'does not fit the datastore',
    'DB.queryCount(D, ({ b }) => b > 1)',
    /^Query at .*app\.ts:3:62: Datastore "D" has no field "b"; fields: a\n\n/,
  ],
  [
    'does not fit a datastore of another module',
    'DB.queryOne(E, (e) => e.a > 1)',
    /^Query at .*app\.ts:3:64: Datastore "E" has no field "a"; fields: e\n\n/,
  ],
])('an app with a query that %s is refused', async (_what, query, message) => {
  folder.write(
    `import { datastore, t } from 'nightshift'; export const E = datastore('E', { e: t.Int });`,
    'stores.ts',
  );
  const path =
    folder.write(`import { E } from './stores'; export { E }; export const D = datastore('D', { a: t.Int });
export const a = worker('a', async () => ${query});`);
  const error: unknown = await start(path).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'query_invalid' });
  expect((error as Error).message).toMatch(message);
});

test('an app with an exact-field query for what is no field is refused', async () => {
  const path = folder.write(`export const D = datastore('D', { a: t.Int });
export const a = worker('a', async () => DB.queryExactFields({ b: 1 } as never, D));`);
  const error: unknown = await start(path).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'record_invalid' });
  expect((error as Error).message).toMatch(
    /^Datastore "D" has no field "b", which the query at .*app\.ts:3:42 compares; fields: a$/,
  );
});

test('an activities module that is not there is refused', async () => {
  const activities = `${folder.path}/gone.ts`;
  await expect(
    createWorker({ app: folder.write(OK), activities, name: app.name }),
  ).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'app_not_found',
    message: expect.stringMatching(/^No activities module at "/) as string,
  });
});

test('a bad name is refused before anything is connected', async () => {
  await expect(createWorker({ app: folder.write(OK), name: 'no name' })).rejects.toMatchObject({
    code: 'config_invalid',
  });
  await expect(connect({ name: 'no name' })).rejects.toMatchObject({ code: 'config_invalid' });
});

describe('a server that does not answer', () => {
  const NOWHERE = '127.0.0.1:1';
  const without = {
    MongoDB: { mongodb: { uri: `mongodb://user:s3cret@${NOWHERE}/` } },
    Temporal: { temporal: { address: NOWHERE } },
  };
  const table = [
    ['a worker', 'MongoDB', 'mongodb_unreachable'],
    ['a worker', 'Temporal', 'temporal_unreachable'],
    ['a client', 'MongoDB', 'mongodb_unreachable'],
    ['a client', 'Temporal', 'temporal_unreachable'],
  ] as const;
  let failures: Promise<unknown>[];
  beforeAll(() => {
    // Side by side, as each waits for its server.
    failures = table.map(async ([who, server]) => {
      const options = { name: app.name, ...without[server] };
      const opening =
        who === 'a client' ? connect(options) : createWorker({ app: folder.write(OK), ...options });
      return opening.catch((error: unknown) => error);
    });
  });

  test.each(table)(
    'fails %s: it says that it is %s, where, and what to do',
    async (who, server, code) => {
      const at = table.findIndex((row) => row[0] === who && row[1] === server);
      const error = await failures[at];
      expect(error).toMatchObject({
        name: 'ConfigError',
        code,
        message: expect.stringContaining(`${server} does not answer at ${NOWHERE}: `) as string,
        remedies: expect.arrayContaining([
          'start everything with: npx nightshift dev <app>',
        ]) as string[],
      });
      expect((error as Error).message).not.toContain('s3cret');
    },
  );
});

test('a namespace that Temporal does not have is named, by worker and client alike', async () => {
  const options = { name: app.name, temporal: { namespace: 'nowhere' } };
  const refusal = { code: 'config_invalid', message: /has no namespace "nowhere"$/ };
  const failures = [createWorker({ app: folder.write(OK), ...options }), connect(options)];
  for (const failure of await Promise.all(failures.map((one) => one.catch((e: unknown) => e)))) {
    expect(failure).toMatchObject({ code: refusal.code });
    expect((failure as Error).message).toMatch(refusal.message);
  }
});

test('a worker names what it serves, and stops when it is told to', async () => {
  const source = `${OK}export const c = cron('c', 'Daily', async () => 1);\nexport const D = datastore('D', { a: t.Int });`;
  const worker = await createWorker({
    app: folder.write(source),
    name: app.name,
    schedules: false,
  });
  expect(worker.serves).toEqual({ workers: ['a'], crons: ['c'], datastores: ['D'] });
  expect(worker.files).toEqual([`${folder.path}/app.ts`]);
  const running = worker.run();
  await worker.shutdown();
  await worker.shutdown();
  await expect(running).resolves.toBeUndefined();
});

test('a client may be closed twice', async () => {
  const client = await connect({ name: app.name });
  await client.close();
  await expect(client.close()).resolves.toBeUndefined();
});
