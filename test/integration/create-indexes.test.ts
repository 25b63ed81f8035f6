import { MongoClient } from 'mongodb';
import { createIndexes } from '../../src/datastore/create-indexes';
import type { Logger } from '../../src/shared/logger';

const client = new MongoClient(process.env['MONGODB_URI'] ?? '');
const db = client.db(`indexes-${process.pid}`);
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

type Line = readonly [level: string, message: string, fields: unknown];

/** What the log is told when these indexes are wanted. */
async function logOf(datastore: string, paths: readonly string[]): Promise<Line[]> {
  const lines: Line[] = [];
  const logger: Logger = { log: (...line) => lines.push(line as unknown as Line) };
  await createIndexes(db, new Map([[datastore, paths]]), logger);
  return lines;
}

const indexesOf = async (datastore: string): Promise<unknown[]> =>
  (await db.collection(datastore).indexes()).map(({ name }) => name).sort();

test('indexes that are lacking are created, once, and told', async () => {
  await db.createCollection('A');
  expect(await logOf('A', ['v.age', 'v.home.city'])).toEqual([
    ['info', 'index created', { datastore: 'A', field: 'age' }],
    ['info', 'index created', { datastore: 'A', field: 'home.city' }],
  ]);
  expect(await indexesOf('A')).toEqual(['_id_', 'v.age_1', 'v.home.city_1']);
  expect(await logOf('A', ['v.home.city', 'v.age'])).toEqual([]);
});

test('two worker processes may create the same ones', async () => {
  await db.createCollection('B');
  const logs = await Promise.all([logOf('B', ['v.a', 'v.b']), logOf('B', ['v.a', 'v.b'])]);
  expect(logs.flat().filter(([level]) => level === 'warn')).toEqual([]);
  expect(await indexesOf('B')).toEqual(['_id_', 'v.a_1', 'v.b_1']);
});

test('one that cannot be created is told, and the others are', async () => {
  await db.createCollection('C');
  await db.collection('C').createIndex({ other: 1 }, { name: 'v.a_1' });
  const [failed, created] = await logOf('C', ['v.a', 'v.b']);
  expect(failed).toEqual([
    'warn',
    'index not created: queries for it are slow',
    { datastore: 'C', fields: ['a'], error: expect.stringContaining('v.a_1') as string },
  ]);
  expect(created).toEqual(['info', 'index created', { datastore: 'C', field: 'b' }]);
});

test('there are at most 60, and the log names the fields that have none', async () => {
  await db.createCollection('D');
  const paths = Array.from({ length: 62 }, (_, n) => `v.f${n}`);
  const lines = await logOf('D', paths);
  expect(lines.at(-1)).toEqual([
    'warn',
    'a datastore has at most 60 indexes: some fields have none',
    { datastore: 'D', fields: ['f59', 'f60', 'f61'] },
  ]);
  expect(await indexesOf('D')).toHaveLength(60);
}, 60_000);
