import { People } from './apps/queries';
import { useApp } from '../support/test-app';

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

test('queries are served by indexes that the worker made, and explain says which, among 50,000 records', async () => {
  const records = Array.from({ length: 50_000 }, (_, n) => ({
    _id: `n${n}` as never,
    g: 1,
    r: 1,
    o: [],
    v: { name: `name ${n}`, age: n, pets: [], joined: new Date(n) },
  }));
  for (let i = 0; i < records.length; i += 5000)
    await app.db.collection('People').insertMany(records.slice(i, i + 5000));
  const explained = await app.client.DB.explain(People, (p) => p.age > 49_990);
  expect(explained).toMatchObject({ indexes: ['v.age_1'], returned: 9, recheck: false });
  expect(await app.client.DB.explain(People, (p) => p.name === 'name 7')).toMatchObject({
    indexes: [],
    read: 50_004,
    returned: 1,
  });
}, 60_000);
