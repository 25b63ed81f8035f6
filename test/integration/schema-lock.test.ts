import { datastore, t } from 'nightshift';
import { createRecords, type Records } from '../../src/datastore/records';
import { createSchemaLock } from '../../src/datastore/schema-lock';
import { useApp } from '../support/test-app';

const app = useApp();
const people = { age: t.Int, name: t.String };
const changed = { age: t.Float, nick: t.String };

function process(): Records {
  const lock = createSchemaLock(app.db);
  return createRecords({ db: app.db, lock });
}

test('a schema can change until the datastore holds data', async () => {
  await process().prepare(datastore('Free', people));
  await process().prepare(datastore('Free', changed));
  await process().set({ age: 1.5, nick: 'p' }, 'k', datastore('Free', changed), 'op');
  await expect(process().prepare(datastore('Free', people))).rejects.toMatchObject({
    code: 'schema_locked',
  });
});

test('a field may have a name that every object has a member of', async () => {
  const before = datastore('Odd', { constructor: t.Int });
  await process().set({ constructor: 1 }, 'k', before, 'op');
  await expect(process().prepare(datastore('Odd', { toString: t.String }))).rejects.toThrow(
    '    constructor: is gone, was Int\n    toString: is new, String',
  );
});

test('a refused change says field by field what changed, and the ways on', async () => {
  await process().set({ age: 1, name: 'p' }, 'k', datastore('Told', people), 'op');
  const error = await process()
    .prepare(datastore('Told', changed))
    .then(
      () => undefined,
      (e: Error & { remedies: string[] }) => e,
    );
  expect(error?.message).toBe(
    [
      'Datastore "Told" holds data of another schema:',
      '    age: was Int, is now Float',
      '    name: is gone, was String',
      '    nick: is new, String',
    ].join('\n'),
  );
  expect(error?.remedies).toEqual([
    expect.stringMatching(/^migrate, to keep the data: .*"ToldV2".*nightshift migrate/) as string,
    expect.stringMatching(/^deleteAll, to give the data up: DB.deleteAll\(Told\)/) as string,
    expect.stringMatching(/^rename, to leave the data where it is: /) as string,
  ]);
});

test('deleteAll unlocks, and an order of fields is no change', async () => {
  await process().set({ age: 1, name: 'p' }, 'k', datastore('Cleared', people), 'op');
  await process().prepare(datastore('Cleared', { name: t.String, age: t.Int }));
  await process().deleteAll(datastore('Cleared', people), 'clear');
  await process().prepare(datastore('Cleared', changed));
});

test('who wrote before a deleteAll locks anew with the next write', async () => {
  const store = datastore('Anew', people);
  const writer = process();
  await writer.set({ age: 1, name: 'a' }, 'k', store, 'set-1');
  await process().deleteAll(store, 'clear');
  await writer.set({ age: 2, name: 'b' }, 'k', store, 'set-2');
  await expect(process().prepare(datastore('Anew', changed))).rejects.toMatchObject({
    code: 'schema_locked',
  });
  await expect(
    process().set({ age: 1.5, nick: 'p' }, 'l', datastore('Anew', changed), 'set-3'),
  ).rejects.toMatchObject({ code: 'schema_locked' });
});

test('deleteAll of one operation deletes once', async () => {
  const records = process();
  const store = datastore('Once', people);
  await records.set({ age: 1, name: 'a' }, 'k', store, 'set-1');
  await records.deleteAll(store, 'clear-1');
  await records.set({ age: 2, name: 'b' }, 'k', store, 'set-2');
  await records.deleteAll(store, 'clear-1');
  expect(await records.get('k', store)).toEqual({ age: 2, name: 'b' });
});

test('a datastore that was locked by a writer that died before its write is free to change', async () => {
  const store = datastore('Died', people);
  await createSchemaLock(app.db).lock(store);
  await process().prepare(datastore('Died', changed));
});

test('a change that was left half-way is finished by the next process', async () => {
  const store = datastore('Half', people);
  await process().set({ age: 1, name: 'a' }, 'old', store, 'op');
  await app.db
    .collection('nightshift.datastores')
    .updateOne(
      { _id: 'Half' as never },
      { $set: { state: 'changing', clear: true, locked: false }, $inc: { gen: 1 } },
    );
  await process().prepare(store);
  expect(await process().count(store)).toBe(0);
});

test('no acknowledged write is lost, no stale record stays, no schema changes over data, whoever does what at once', async () => {
  const A = datastore('Race', { n: t.Int });
  const B = datastore('Race', { n: t.Int, more: t.optional(t.String) });
  let clears = 0;
  let until = false;
  // the number of finished deleteAlls when a write began: a write that began after the last one must be there
  const acknowledged = new Map<string, number>();
  const outcome = { written: 0, refused: 0, edits: 0, refusedEdits: 0 };

  const writer = async (w: number): Promise<void> => {
    const records = process();
    for (let i = 0; !until; i++) {
      const began = clears;
      const key = `${w}-${i}`;
      try {
        await records.set({ n: i }, key, A, key);
        acknowledged.set(key, began);
        outcome.written++;
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/schema_locked|write_conflict/);
        outcome.refused++;
      }
    }
  };
  const cleaner = async (): Promise<void> => {
    for (let i = 0; !until; i++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await process().deleteAll(A, `clear-${i}`);
      clears++;
    }
  };
  const editor = async (): Promise<void> => {
    for (let i = 0; !until; i++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      try {
        await process().prepare(i % 2 === 0 ? B : A);
        outcome.edits++;
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/schema_locked|write_conflict/);
        outcome.refusedEdits++;
      }
    }
  };
  // As long as it takes until all have met: else the checks below would say nothing
  const begun = Date.now();
  const haveMet = (): boolean =>
    clears > 5 && outcome.written > 100 && outcome.edits > 0 && outcome.refusedEdits > 0;
  const watch = setInterval(() => (until = haveMet() && Date.now() - begun > 6000), 50);
  await Promise.all([...Array.from({ length: 12 }, (_, w) => writer(w)), cleaner(), editor()]);
  clearInterval(watch);

  const state = await app.db.collection('nightshift.datastores').findOne({ _id: 'Race' as never });
  const stored = await app.db.collection<{ _id: string; g: number }>('Race').find({}).toArray();
  const keys = new Set(stored.map(({ _id }) => _id));
  const lost = [...acknowledged].filter(([key, began]) => began === clears && !keys.has(key));
  expect(lost).toEqual([]);
  expect(stored.filter(({ g }) => g !== state?.['gen'])).toEqual([]);
}, 120_000);
