import type { Collection } from 'mongodb';
import { applyOnce, type Written } from '../../src/datastore/apply-once';
import { createRecords } from '../../src/datastore/records';
import { createSchemaLock } from '../../src/datastore/schema-lock';
import { createMissingList } from '../../src/queues/missing-list';
import { datastore, t } from 'nightshift';
import { useApp } from '../support/test-app';

const app = useApp();
const Counters = datastore('Counters', { n: t.Int });
const KEPT = 8;

interface Counter extends Written {
  readonly n: number;
}
const counters = (): Collection<Counter> => app.db.collection<Counter>('counters');
const add = (id: string, operation: string, kept = KEPT): Promise<void> =>
  applyOnce(counters(), id, operation, { $inc: { n: 1 } }, kept);
const read = (id: string): Promise<Counter | null> => counters().findOne({ _id: id });

test('an operation that is repeated writes once', async () => {
  for (let i = 0; i < 3; i++) await add('repeated', 'a');
  expect(await read('repeated')).toEqual({ _id: 'repeated', n: 1, o: ['a'] });
});

test('a repeated operation does not overwrite a later one of somebody else', async () => {
  const records = createRecords({ db: app.db, lock: createSchemaLock(app.db) });
  await records.set({ n: 1 }, 'k', Counters, 'first');
  await records.set({ n: 2 }, 'k', Counters, 'second');
  await records.set({ n: 1 }, 'k', Counters, 'first');
  expect(await records.get('k', Counters)).toEqual({ n: 2 });
  expect(await app.db.collection('Counters').findOne({ _id: 'k' as never })).toMatchObject({
    r: 2,
    o: ['first', 'second'],
  });
});

test('different operations each write', async () => {
  for (const operation of ['a', 'b', 'c']) await add('each', operation);
  expect(await read('each')).toMatchObject({ n: 3, o: ['a', 'b', 'c'] });
});

test('all of 20 first writes of one document at once are applied, each once', async () => {
  const operations = Array.from({ length: 20 }, (_, i) => `op-${i}`);
  await Promise.all(
    operations.flatMap((operation) => [add('race', operation, 100), add('race', operation, 100)]),
  );
  const document = await read('race');
  expect(document?.n).toBe(20);
  expect([...(document?.o ?? [])].sort()).toEqual(operations.sort());
});

test('the same operation many times at once writes once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => add('same', 'one')));
  expect(await read('same')).toMatchObject({ n: 1, o: ['one'] });
});

test('remembers only the last operations', async () => {
  for (let i = 0; i < KEPT + 3; i++) await add('many', `${i}`);
  expect((await read('many'))?.o).toEqual(['3', '4', '5', '6', '7', '8', '9', '10']);
});

test('another failure of the write is not taken for an applied operation', async () => {
  await expect(
    applyOnce(counters(), 'bad', 'a', { $inc: { n: 'x' as never } }, KEPT),
  ).rejects.toThrow();
  expect(await read('bad')).toBeNull();
});

test('an event on the 404 list is counted once, however often the step is repeated', async () => {
  let now = 1000;
  const missing = createMissingList(app.db, () => new Date(now++));
  await missing.record('gone', { id: 'a', event: 1 }, 'op-a');
  await missing.record('gone', { id: 'a', event: 1 }, 'op-a');
  await missing.record('gone', { id: 'b', event: 2 }, 'op-b');
  expect(await missing.list()).toEqual([
    {
      name: 'gone',
      count: 2,
      firstSeen: new Date(1000),
      lastSeen: new Date(1002),
      events: [
        { id: 'a', event: 1 },
        { id: 'b', event: 2 },
      ],
    },
  ]);
});
