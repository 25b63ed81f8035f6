/** Records that something else wrote, of every kind that fits no schema: each is told, and none is in the others' way. */
import { type Document, Long, ObjectId } from 'mongodb';
import type { RecordOf } from 'nightshift';
import { HashedPassword } from '../../src/shared/password';
import { rowsUnder, Users } from '../support/queries-page';
import { useApp } from '../support/test-app';

const app = useApp();
const good: RecordOf<typeof Users> = {
  ...{ name: 'Ann', age: 30, score: 4.5, active: true, nick: 'An', tags: ['new', 'x'] },
  ...{ prices: { tea: 5 }, joined: new Date('2026-05-05'), home: { city: 'Rome', zip: 1000 } },
  ...{ pets: [{ name: 'Rex', age: 40 }], token: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' },
  secret: new HashedPassword('x'),
};

const ODD: readonly unknown[] = [
  ...['text', '', 5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, null, true, undefined],
  ...[['a', 5], [], [null], [[['x']]], { a: 1 }, [{ k: 5 }], [{ k: 'tea', v: 'x' }]],
  ...[new Date(0), new ObjectId(), Long.MAX_VALUE, Long.MIN_VALUE],
];

/** The lambdas of the documentation, and some more that calculate. */
const LAMBDAS = [
  ...rowsUnder('What can be asked')
    .map(([lambda]) => lambda)
    .filter((lambda) => lambda.startsWith('(u) ')),
  '(u) => !(u.name.toLowerCase() === "ann")',
  '(u) => u.name.toUpperCase().trim().length === u.age',
  '(u) => u.joined.getUTCMonth() === 4 && u.joined.getUTCHours() === u.age',
  '(u) => u.tags.every((tag) => tag.length > u.score)',
  '(u) => u.tags[0].length > 1',
  '(u) => u.prices["tea"] + 1 > 3',
  '(u) => u.home.zip + 1 > u.home.city.length',
  '(u) => u.pets.some((pet) => pet.age + u.age > 3)',
  '(u) => Math.round(u.score) / u.age % 2 > -Math.max(u.age, u.score)',
  '(u) => `${u.name}${u.active}${u.age}` === "Anntrue30"',
  '(u) => u.name.includes(u.nick)',
  '(u) => new Date(u.age) < u.joined',
  '(u) => u.name.slice(0, 1) === "A" && u.nick === u.name',
];

beforeAll(async () => {
  await app.client.DB.set(good, 'good', Users);
  const collection = app.db.collection<Document & { _id: string }>('Users');
  const stored = await collection.findOne({ _id: 'good' }, { promoteValues: false });
  const documents = Object.keys(good).flatMap((field) =>
    ODD.map((value, n) => {
      const v: Document = { ...(stored?.['v'] as Document), [field]: value };
      if (value === undefined) delete v[field];
      return { ...stored, _id: `${field}-${n}`, v };
    }),
  );
  const bodiless = [null, 5, 'x'].map((v, n) => ({ ...stored, _id: `v-${n}`, v }));
  await collection.insertMany([...documents, ...bodiless]);
});

test('there are enough lambdas', () => expect(LAMBDAS.length).toBeGreaterThan(40));

test.each(LAMBDAS)('%s is answered, or says which record is corrupt', async (lambda) => {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the documentation's own text
  const make = new Function(`return (${lambda})`) as () => (u: RecordOf<typeof Users>) => boolean;
  const query = make();
  const end = await app.client.DB.queryCount(Users, query).catch(
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );
  if (typeof end === 'string')
    expect(end).toMatch(
      /^record_corrupt: Record ".*" of datastore "Users" does not fit its schema: field "/,
    );
});

test('each of them is told by datastore, key and field, and what fits is readable', async () => {
  const { DB } = app.client;
  const read: string[] = [];
  for (const key of await DB.keys(Users)) {
    try {
      await DB.get(key, Users);
      read.push(key);
    } catch (error) {
      expect(error).toMatchObject({ code: 'record_corrupt', details: { datastore: 'Users', key } });
      const [field = ''] = key.split('-');
      const { details } = error as { details: { field: string } };
      expect(details.field.split(/[.[]/)[0]).toBe(field);
    }
  }
  expect(read).toContain('good');
  expect(await DB.getMany(['good'], Users)).toEqual([good]);
});
