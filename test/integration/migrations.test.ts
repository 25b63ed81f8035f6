import type { Collection } from 'mongodb';
import { datastore, t } from 'nightshift';
import type { MigrationHandle } from 'nightshift/client';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const Posts = datastore('Posts', { title: t.String, likes: t.Int, tags: t.Dict(t.Int) });
const PostsV2 = datastore('PostsV2', { title: t.String, likes: t.Float, seen: t.Bool });

const STORES = `
  export const Posts = datastore('Posts', { title: t.String, likes: t.Int, tags: t.Dict(t.Int) });
  export const PostsV2 = datastore('PostsV2', { title: t.String, likes: t.Float, seen: t.Bool });
`;
const sourceWith = (transform: string): string =>
  `${STORES} export const m = migration('posts-v2', Posts, PostsV2, ${transform});`;
const RIGHT = `(post, key) => key.endsWith('7') ? undefined : { title: post.title, likes: post.likes / 2, seen: 'x' in post.tags }`;

const folder = useAppFolder();
const app = useApp(folder.write(sourceWith(RIGHT)));

const FORCED = { bypassDocumentValidation: true };

interface Stored {
  _id: string;
  g: number;
  r: number;
  o: string[];
  v: Record<string, unknown>;
}

const keyOf = (n: number): string => `post-${String(n).padStart(5, '0')}`;
const stored = (name: string): Collection<Stored> => app.db.collection<Stored>(name);

/** Fills Posts with so many records, as quickly as MongoDB takes them, and empties PostsV2. */
async function fill(count: number): Promise<void> {
  await app.client.DB.deleteAll(Posts);
  await app.client.DB.deleteAll(PostsV2);
  await app.client.DB.set({ title: 'first', likes: 0, tags: {} }, keyOf(0), Posts);
  const { g } = (await stored('Posts').findOne({ _id: keyOf(0) })) as Stored;
  if (count === 1) return;
  const rest = Array.from({ length: count - 1 }, (_, i) => i + 1);
  await stored('Posts').insertMany(
    rest.map((n) => ({
      ...{ _id: keyOf(n), g, r: 1, o: ['test'] },
      v: { title: `post ${n}`, likes: BigInt(n), tags: n % 2 === 0 ? [{ k: 'x', v: 1n }] : [] },
    })),
  );
}

async function serve(transform: string): Promise<void> {
  folder.write(sourceWith(transform));
  await app.worker.reload();
}

const copies = (): Promise<number> => stored('PostsV2').countDocuments();

test('copies every record under its key as the function gives it, and says what it did', async () => {
  await fill(1_234);
  const migration = await app.client.migrations.start('posts-v2');
  const report = await migration.result();
  expect(report).toMatchObject({
    migration: 'posts-v2',
    state: 'done',
    dryRun: false,
    total: 1_234,
    copied: 1_111,
    leftOut: 123,
    failed: 0,
    failures: [],
    counts: { source: 1_234, target: 1_111, equal: true },
  });
  expect(report.rate).toBeGreaterThan(0);
  expect(report.endedAt?.getTime()).toBeGreaterThan(report.startedAt.getTime());
  expect(await app.client.DB.get(keyOf(12), PostsV2)).toEqual({
    title: 'post 12',
    likes: 6,
    seen: true,
  });
  expect(await app.client.DB.get(keyOf(17), PostsV2)).toBeUndefined();
  expect(await app.client.DB.count(Posts)).toBe(1_234);
});

describe('a dry run', () => {
  test('writes nothing, counts, and lists the records that would fail', async () => {
    await fill(1_000);
    await stored('Posts').updateOne({ _id: keyOf(3) }, { $set: { 'v.likes': 'many' } }, FORCED);
    await serve(`(post, key) => {
      if (key > '${keyOf(700)}') throw new RangeError('too new');
      return key === '${keyOf(5)}' ? { title: post.title } : { title: post.title, likes: post.likes, seen: true };
    }`);
    const migration = await app.client.migrations.start('posts-v2', { dryRun: true });
    const report = await migration.result();
    expect(report).toMatchObject({ dryRun: true, state: 'done', total: 1_000 });
    expect(report).toMatchObject({ copied: 1_000 - 301, leftOut: 0, failed: 301 });
    expect(report.counts).toBeUndefined();
    expect(report.failures).toHaveLength(100);
    expect(report.failures.slice(0, 3)).toEqual([
      {
        key: keyOf(3),
        reason: `Record "${keyOf(3)}" of datastore "Posts" does not fit its schema: field "likes" should be Int, is String`,
      },
      { key: keyOf(5), reason: 'Expected but did not find: [likes, seen]' },
      { key: keyOf(701), reason: 'too new' },
    ]);
    expect(await copies()).toBe(0);
  });
});

test('a record that cannot be copied stops it, named; repaired, it copies them all', async () => {
  await fill(1_300);
  await serve(
    `(post, key) => ({ title: post.title, likes: key === '${keyOf(777)}' ? 'x' : 1, seen: true })`,
  );
  const migration = await app.client.migrations.start('posts-v2');
  const reason = 'Expected Float for PostsV2.likes, got String';
  await expect(migration.result()).rejects.toMatchObject({
    code: 'migration_failed',
    message: `Migration "posts-v2" stopped at record "${keyOf(777)}" of datastore "Posts": ${reason}. 777 of 1300 records were copied`,
    details: { failures: [{ key: keyOf(777), reason }], copied: 777 },
  });
  expect(await migration.progress()).toMatchObject({ state: 'failed', copied: 777, failed: 1 });
  expect(await copies()).toBe(777);

  await serve(RIGHT);
  const report = await (await app.client.migrations.start('posts-v2')).result();
  expect(report.counts).toEqual({ source: 1_300, target: 1_170, equal: true });
  expect(await app.client.DB.get(keyOf(10), PostsV2)).toMatchObject({ likes: 5 });
});

test('pauses after a page, and resumes there, also with code that has changed meanwhile', async () => {
  await fill(5_000);
  await serve(`(post) => ({ title: post.title, likes: 1, seen: true })`);
  const migration = await begun();
  await migration.pause();
  const { copied } = await until(
    () => migration.progress(),
    ({ state }) => state === 'paused',
  );
  const settled = await until(copies, (count) => count % 500 === 0);
  expect(copied).toBeLessThan(5_000);
  await expect(app.client.migrations.start('posts-v2')).rejects.toMatchObject({
    name: 'ConflictError',
    code: 'migration_running',
  });
  await serve(
    `(post, key) => key < '${keyOf(100)}' ? undefined : { title: post.title, likes: 2, seen: true }`,
  );
  expect(await migration.progress()).toMatchObject({ state: 'paused', total: 5_000 });
  expect(await copies()).toBeLessThanOrEqual(settled + 500);
  await migration.resume();
  expect(await migration.result()).toMatchObject({
    copied: 5_000,
    leftOut: 0,
    counts: { source: 5_000, target: 5_000, equal: true },
  });
  expect(await stored('PostsV2').countDocuments({ r: { $ne: 1 } })).toBe(0);
  expect(await app.client.DB.get(keyOf(1), PostsV2)).toMatchObject({ likes: 1 });
  expect(await app.client.DB.get(keyOf(4_999), PostsV2)).toMatchObject({ likes: 2 });
}, 60_000);

test('cancelled, it leaves the first datastore as it is, and in the second what was copied', async () => {
  await fill(5_000);
  await serve(RIGHT);
  const migration = await begun();
  await migration.cancel();
  await expect(migration.result()).rejects.toMatchObject({
    code: 'cancelled',
    message: expect.stringMatching(/was cancelled; what it had done stays done/) as string,
  });
  const { state, copied, endedAt } = await migration.progress();
  expect(state).toBe('cancelled');
  expect(endedAt).toBeInstanceOf(Date);
  expect(copied).toBeLessThan(5_000);
  expect(await copies()).toBe(copied);
  expect(await app.client.DB.count(Posts)).toBe(5_000);
  await migration.cancel();
  for (const ask of ['pause', 'resume'] as const)
    await expect(migration[ask]()).rejects.toMatchObject({ code: 'operation_ended' });
});

test('a paused one can be cancelled', async () => {
  await fill(2_000);
  await serve(RIGHT);
  const migration = await begun();
  await migration.pause();
  await migration.cancel();
  await expect(migration.result()).rejects.toMatchObject({ code: 'cancelled' });
});

test('says so if the counts differ because records came meanwhile', async () => {
  await fill(5_000);
  await serve(`(post) => ({ title: post.title, likes: 1, seen: true })`);
  const migration = await begun();
  await migration.pause();
  await app.client.DB.set({ title: 'late', likes: 0, tags: {} }, 'a', Posts);
  await migration.resume();
  expect((await migration.result()).counts).toEqual({ source: 5_001, target: 5_000, equal: false });
}, 60_000);

test.each([
  ['throws no error', `() => { throw 'odd' }`, 'odd'],
  ['gives null', '() => null', 'Expected Record for PostsV2, got Null'],
  ['is async', 'async () => { throw new Error() }', 'must return the record itself, not a promise'],
  [
    'calls DB',
    '(post, key) => (DB.get(key, Posts), post)',
    'DB.get was called in the function of migration "posts-v2", which may only make records',
  ],
  ['asks for a flag', `() => flag('x')`, 'flag was called outside a handler'],
  [
    'gives a value too large',
    `() => ({ title: 'é'.repeat(1_000_001), likes: 1, seen: true })`,
    '2 MB',
  ],
])('stops at the first record if the function %s', async (_what, transform, reason) => {
  await fill(1);
  await serve(transform);
  await expect((await app.client.migrations.start('posts-v2')).result()).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining(reason) as string,
  });
});

test('copies records of a megabyte each, in pages that fit, and as many runs as it takes', async () => {
  await fill(1);
  await serve(
    `(post, key) => ({ title: post.title + post.title.slice(0, 400_000), likes: 1, seen: true })`,
  );
  for (let n = 0; n < 24; n++)
    await app.client.DB.set(
      { title: 'é'.repeat(n % 2 ? 400_000 : 450_000), likes: 1, tags: {} },
      keyOf(n),
      Posts,
    );
  const report = await (await app.client.migrations.start('posts-v2')).result();
  expect(report.counts).toEqual({ source: 24, target: 24, equal: true });
  const id = `${app.name}/nightshift.migration/posts-v2`;
  const runs = await app.temporal.workflow.count(
    `WorkflowId = "${id}" AND ExecutionStatus = "ContinuedAsNew"`,
  );
  expect(runs.count).toBeGreaterThan(0);
}, 60_000);

test('a second datastore with data of another schema stops it', async () => {
  await fill(2);
  await app.client.DB.set({ title: 'a', likes: 1, seen: true }, 'a', PostsV2);
  // not exported, so the worker process does not look at it when it starts
  folder.write(`
    export const Posts = datastore('Posts', { title: t.String, likes: t.Int, tags: t.Dict(t.Int) });
    const PostsV2 = datastore('PostsV2', { title: t.String });
    export const m = migration('posts-v2', Posts, PostsV2, ({ title }) => ({ title }));
  `);
  await app.worker.reload();
  await expect((await app.client.migrations.start('posts-v2')).result()).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining(
      'stopped: Datastore "PostsV2" holds data of another schema',
    ) as string,
  });
});

test('a migration that the app does not export is unknown; one that was never started, not found', async () => {
  const migration = await app.client.migrations.start('posts-v3');
  await expect(migration.result()).rejects.toMatchObject({
    code: 'migration_unknown',
    message: 'The app does not export migration "posts-v3"; it exports: posts-v2',
  });
  expect(await migration.progress()).toMatchObject({ state: 'failed', copied: 0 });
  const never = app.client.migrations.get('never');
  for (const ask of ['progress', 'result', 'pause', 'resume', 'cancel'] as const)
    await expect(never[ask]()).rejects.toMatchObject({ code: 'operation_not_found' });
});

test('is no event', async () => {
  expect(await app.client.events.list()).toEqual([]);
  expect(await app.client.events.count()).toMatchObject({ done: 0, error: 0 });
  const id = 'nightshift.migration/posts-v2';
  expect(() => app.client.events.get(id)).toThrow('must not start with "nightshift."');
});

/** Started, and somewhere in the middle. */
async function begun(): Promise<MigrationHandle> {
  const migration = await app.client.migrations.start('posts-v2');
  await until(
    () => migration.progress(),
    ({ copied }) => copied > 0,
  );
  return migration;
}

test('those that were started are listed once, as they were started last', async () => {
  await fill(3);
  for (const dryRun of [false, true])
    await (await app.client.migrations.start('posts-v2', { dryRun })).result();
  await until(
    () => app.client.migrations.list(),
    (list) => list[0]?.dryRun === true && list[0].state === 'done',
  );
  const list = await app.client.migrations.list();
  expect(list.filter(({ migration }) => migration === 'posts-v2')).toMatchObject([
    { dryRun: true, state: 'done', total: 3, copied: 3 },
  ]);
});
