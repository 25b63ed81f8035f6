import { datastore, t } from 'nightshift';
import { createRecords, type Records } from '../../src/datastore/records';
import { createSchemaLock } from '../../src/datastore/schema-lock';
import { useApp } from '../support/test-app';

const app = useApp();
const Users = datastore('Users', { n: t.Int });
let records: Records;
beforeAll(() => {
  records = createRecords({ db: app.db, lock: createSchemaLock(app.db) });
});

test('a repeated deletion does not delete what was stored since', async () => {
  await records.set({ n: 1 }, 'k', Users, 'set-1');
  await records.delete('k', Users, 'delete-1');
  expect(await records.get('k', Users)).toBeUndefined();
  await records.set({ n: 2 }, 'k', Users, 'set-2');
  await records.delete('k', Users, 'delete-1');
  expect(await records.get('k', Users)).toEqual({ n: 2 });
  await records.delete('k', Users, 'delete-2');
  expect(await records.get('k', Users)).toBeUndefined();
});

test('a deletion of what does not exist is fine, and deletes nothing later either way', async () => {
  await records.delete('none', Users, 'delete-none');
  expect(await records.get('none', Users)).toBeUndefined();
});

test('among many writes at once a deletion takes effect: the record is the one of a write that came after, or absent', async () => {
  for (let round = 0; round < 10; round++) {
    const key = `race-${round}`;
    await records.set({ n: 0 }, key, Users, `${key}-first`);
    const writes = Array.from({ length: 5 }, (_, i) =>
      records.set({ n: i + 1 }, key, Users, `${key}-${i}`),
    );
    await Promise.all([...writes, records.delete(key, Users, `${key}-delete`)]);
    await records.delete(key, Users, `${key}-delete`); // its own repetition changes nothing
    const { n } = (await records.get(key, Users)) ?? { n: undefined };
    expect([undefined, 1, 2, 3, 4, 5]).toContain(n);
    const stored = await app.db.collection('Users').findOne({ _id: key as never });
    if (stored !== null) expect(stored['o']).not.toContain(`${key}-first`); // a new record, not the old one
  }
});
