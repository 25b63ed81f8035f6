import { randomUUID } from 'node:crypto';
import { datastore, t } from 'nightshift';
import { createRecordCopier, type RecordCopier } from '../../src/datastore/copy-records';
import { createRecords, type Records } from '../../src/datastore/records';
import { createSchemaLock } from '../../src/datastore/schema-lock';
import { useApp } from '../support/test-app';

const Items = datastore('Items', { n: t.Int });
const app = useApp();

interface Process {
  readonly copier: RecordCopier;
  readonly records: Records;
}

/** As two worker processes: each with a memory of its own. */
function processOf(): Process {
  const stores = { db: app.db, lock: createSchemaLock(app.db), maxResultBytes: 10_000 };
  return { copier: createRecordCopier(stores), records: createRecords(stores) };
}

let one: Process;
let other: Process;
beforeAll(() => {
  one = processOf();
  other = processOf();
});
beforeEach(() => one.records.deleteAll(Items, randomUUID()));

const page = (from: number, to: number, n = 0): [string, { n: number }][] =>
  Array.from({ length: to - from }, (_, i) => [`k${String(from + i).padStart(4, '0')}`, { n }]);

const all = async (): Promise<unknown[]> => (await one.records.getAll(Items)).map(([, { n }]) => n);
const revisions = (): Promise<unknown[]> => app.db.collection('Items').distinct('r');

test('a page that is written again changes nothing, not even what was written since', async () => {
  await one.copier.writePage(page(0, 20), Items, 'op');
  await one.records.set({ n: 5 }, 'k0003', Items, randomUUID());
  await other.copier.writePage(page(0, 20), Items, 'op');
  expect((await all()).filter((n) => n === 5)).toHaveLength(1);
  expect(await one.copier.countWritten(Items, 'op')).toBe(20);
  expect(await one.copier.countWritten(Items, 'another')).toBe(0);
});

test('a page of which a part was written is completed', async () => {
  await one.copier.writePage(page(0, 7), Items, 'op');
  await one.copier.writePage(page(0, 20), Items, 'op');
  expect(await one.copier.count(Items)).toBe(20);
  expect(await revisions()).toEqual([1]);
});

test('another operation writes anew', async () => {
  await one.copier.writePage(page(0, 5, 1), Items, 'op');
  await one.copier.writePage(page(0, 5, 2), Items, 'next');
  expect(await all()).toEqual([2, 2, 2, 2, 2]);
});

test('the same page written by two at once is written once', async () => {
  await Promise.all(
    [one, other, one, other].map(({ copier }) => copier.writePage(page(0, 200), Items, 'op')),
  );
  expect(await one.copier.count(Items)).toBe(200);
  expect(await revisions()).toEqual([1]);
});

test('writes into a datastore that somebody else has cleared since', async () => {
  await one.copier.writePage(page(0, 5), Items, 'op');
  await other.records.deleteAll(Items, randomUUID());
  await one.copier.writePage(page(5, 10), Items, 'op');
  expect(await one.records.keys(Items)).toEqual(['k0005', 'k0006', 'k0007', 'k0008', 'k0009']);
});

test('a wrong record is refused, and the page with it', async () => {
  const wrong = [...page(0, 2), ['k9', { n: 'x' }] as [string, Record<string, unknown>]];
  await expect(one.copier.writePage(wrong, Items, 'op')).rejects.toMatchObject({
    code: 'record_invalid',
  });
  expect(await one.copier.count(Items)).toBe(0);
});

test('reads in pages of at most the limit, and of what fits into a result', async () => {
  await one.copier.writePage(page(0, 1_000), Items, 'op');
  const keys: string[] = [];
  for (let after: string | null = null; ;) {
    const read = await one.copier.readPage(Items, after, 600);
    const between = read.length + 2; // commas and brackets
    expect(JSON.stringify(read).length).toBeLessThanOrEqual(10_000 + between);
    if (read.length === 0) break;
    keys.push(...read.map(([key]) => key));
    after = keys.at(-1) ?? null;
  }
  expect(keys).toEqual(page(0, 1_000).map(([key]) => key));
  expect((await one.copier.readPage(Items, null, 600)).length).toBeLessThan(600);
  expect(await one.copier.readPage(Items, null, 3)).toHaveLength(3);
});
