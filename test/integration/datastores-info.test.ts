import { datastore, t } from 'nightshift';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const Users = datastore('Users', {
    name: t.String, age: t.Int, nick: t.optional(t.String), pets: t.List(t.Record({ name: t.String })), home: t.Record({ zip: t.Int }),
  });
  export const Empty = datastore('Empty', { n: t.Int });
  export const find = worker('find', async (min: number) =>
    DB.queryCount(Users, (u) => u.age > min && u.home.zip === 1000));
`),
);
const Empty = datastore('Empty', { n: t.Int });

test('lists every datastore with fields, records, lock and indexes', async () => {
  const list = await until(
    () => app.client.datastores.list(),
    (all) => all.some(({ indexes }) => indexes.length === 2), // they are made while the worker process serves
  );
  expect(list).toEqual([
    { name: 'Empty', fields: { n: 'Int' }, records: 0, locked: false, indexes: [] },
    {
      name: 'Users',
      fields: {
        age: 'Int',
        home: 'Record<{ zip: Int }>',
        name: 'String',
        nick: 'Optional<String>',
        pets: 'List<Record<{ name: String }>>',
      },
      ...{ records: 0, locked: false, indexes: ['age', 'home.zip'] },
    },
  ]);
});

test('a datastore with data is locked, until all is deleted', async () => {
  await app.client.DB.set({ n: 1 }, 'a', Empty);
  await app.client.DB.set({ n: 2 }, 'b', Empty);
  expect(await app.client.datastores.get('Empty')).toMatchObject({ records: 2, locked: true });
  await app.client.DB.deleteAll(Empty);
  expect(await app.client.datastores.get('Empty')).toMatchObject({ records: 0, locked: false });
});

test('an unknown one is told with the nearest name', async () => {
  await expect(app.client.datastores.get('Usrs')).rejects.toMatchObject({
    ...{ name: 'NotFoundError', code: 'datastore_unknown', remedies: ['did you mean "Users"?'] },
  });
  await expect(app.client.datastores.get('Orders')).rejects.toMatchObject({
    remedies: ['there are: Empty, Users'],
  });
});
