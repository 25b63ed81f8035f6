import { People } from './apps/queries';
import type { RecordOf } from 'nightshift';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const app = useApp('queries.ts');
const person = (
  name: string,
  age: number,
  city?: string | null,
): Parameters<typeof app.client.DB.set>[0] => ({
  name,
  age,
  ...(city === undefined ? {} : { city }),
  pets: age % 2 === 0 ? ['rex'] : [],
  joined: new Date(Date.UTC(2026, 0, age)),
});
const result = async (event: unknown, handler: string): Promise<unknown> =>
  (await app.client.emit(event, handler)).result();

beforeAll(async () => {
  const people = {
    ann: person('Ann', 12, 'Berlin'),
    bob: person('Bob', 14, 'Paris'),
    cid: person('Cid', 19, null),
    dan: person('Dan', 30),
  };
  for (const [key, value] of Object.entries(people))
    await app.client.DB.set(value as never, key, People);
});

describe('a query in a handler', () => {
  test('may use what is around it, also members of it', async () => {
    expect(await result({ user: { age: 14 } }, 'older')).toEqual([
      expect.objectContaining({ name: 'Cid' }),
      expect.objectContaining({ name: 'Dan' }),
    ]);
  });

  test('may use Dates and consts', async () => {
    expect(await result(new Date(Date.UTC(2026, 0, 13)), 'since')).toBe(2);
  });

  test('may be a const of the same module, with a destructured parameter, by a namespace import', async () => {
    expect(Object.keys((await result(null, 'teenagers')) as object)).toEqual(['bob', 'cid']);
  });

  test('finds one, or nothing where there are none or several', async () => {
    expect(await result('paris', 'oneIn')).toEqual([
      'bob',
      expect.objectContaining({ name: 'Bob' }),
    ]);
    expect(await result('nowhere', 'oneIn')).toBeUndefined();
  });

  test('says which captured value has a wrong type', async () => {
    await expect(result({ not: 'a number' }, 'wrongCapture')).rejects.toThrow(/"age"/);
  });
});

describe('a query of the client', () => {
  test('takes the values of its captures by name', async () => {
    const min = 19;
    expect(await app.client.DB.queryCount(People, (p) => p.age >= min, { min })).toBe(2);
  });

  test('names a capture that is missing', async () => {
    const min = 19;
    await expect(app.client.DB.query(People, (p) => p.age >= min)).rejects.toMatchObject({
      code: 'capture_invalid',
      message: expect.stringContaining('"min"'),
    });
  });

  test('names the fields there are when it uses one there is not', async () => {
    await expect(
      app.client.DB.query(People, (p) => (p as unknown as { agee: number }).agee > 1),
    ).rejects.toMatchObject({
      code: 'query_invalid',
      message: expect.stringMatching(/agee.*age/s),
    });
  });
});

describe('among 50,000 records', () => {
  const COUNT = 50_000;
  const cities = ['Berlin', 'Paris', null, undefined];

  beforeAll(async () => {
    await app.client.DB.deleteAll(People);
    const records = Array.from({ length: COUNT }, (_, n) => {
      const record = person(`name ${n}`, n, cities[n % 4]);
      return { _id: `n${n}`, g: 2, r: 1, o: [], v: record };
    });
    for (let i = 0; i < COUNT; i += 5000)
      await app.db.collection('People').insertMany(records.slice(i, i + 5000) as never[]);
    await until(
      async () => (await app.db.collection('People').indexes()).map(({ name }) => name),
      (names) => ['age', 'city', 'joined', 'name', 'pets'].every((f) => names.includes(`v.${f}_1`)),
    );
  }, 120_000);

  type Query = (person: RecordOf<typeof People>) => boolean | undefined;
  const captures = { ages: [7, 8], name: 'name 7', since: new Date(Date.UTC(2026, 0, 49_990)) };
  const { ages, name, since } = captures;

  test.each<[string, number, string[], Query]>([
    ['equality', 1, ['name'], (p) => p.name === name],
    ['a range', 9, ['age'], (p) => p.age > 49_990],
    ['a range turned round', 10, ['age'], (p) => 10 > p.age],
    ['a list', 2, ['age'], (p) => ages.includes(p.age)],
    ['either', 3, ['age'], (p) => p.age < 2 || p.age === 30],
    ['both', 1, ['age'], (p) => p.age > 1 && p.age < 12 && p.age % 10 === 1],
    ['an index and what has none', 5, ['age'], (p) => p.age < 10 && !(p.age % 2 === 0)],
    ['a start of a text', 11, ['name'], (p) => p.name.startsWith('name 4999')],
    ['a text whatever its case', 0, ['name'], (p) => p.name.toUpperCase() === 'ZOE'],
    ['a regular expression', 10, ['name'], (p) => /^name 31\d$/.test(p.name)],
    ['an order of texts', 1, ['name'], (p) => p.name < 'name 1'],
    ['Dates', 9, ['joined'], (p) => p.joined > since],
    ['a list that holds a text', 0, ['pets'], (p) => p.pets.includes('tom')],
    ['a list that has some', 0, ['pets'], (p) => p.pets.some((pet) => pet.startsWith('t'))],
    [
      'a const',
      1,
      ['age'],
      ({ age }) => {
        const wanted = age - 0;
        return wanted === 5 && age === 5;
      },
    ],
  ])('%s is found by an index', async (_what, returned, fields, lambda) => {
    const explanation = await app.client.DB.explain(People, lambda, captures);
    expect(explanation).toMatchObject({ returned, indexes: fields.map((field) => `v.${field}_1`) });
    expect(await app.client.DB.queryCount(People, lambda, captures)).toBe(returned);
  });

  test('fields of exact-field queries have one, too', async () => {
    const plan = await app.db
      .collection('People')
      .find({ 'v.city': 'Berlin', 'v.age': 4 })
      .explain();
    expect(JSON.stringify(plan)).toMatch(/v\.(city|age)_1/);
  });

  test('what no index can find is found by reading all, and explain says so', async () => {
    const explained = await app.client.DB.explain(People, (p) => p.age % 10_000 === 7);
    expect(explained).toMatchObject({ indexes: [], read: COUNT, returned: 5, recheck: false });
  });

  test('a result of more than 2 MB is refused in a handler, with what to do instead', async () => {
    await expect(result(null, 'everybody')).rejects.toThrow(/larger than 2000000 bytes.*DB\.scan/);
  });
});
