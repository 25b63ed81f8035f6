import { datastore, t } from 'nightshift';
import { HashedPassword } from '../../src/shared/password';
import type { PageOptions } from 'nightshift/client';
import { useApp } from '../support/test-app';

const app = useApp();
const Users = datastore('Users', {
  name: t.String,
  age: t.Int,
  joined: t.Date,
  secret: t.optional(t.Password),
  homes: t.List(t.Record({ zip: t.Int, since: t.Date })),
  notes: t.Dict(t.String),
});
type User = Parameters<typeof app.client.DB.set<(typeof Users)['fields']>>[0];
const user = (more: Partial<User> = {}): User => ({
  ...{ name: 'Paul', age: 41, joined: new Date(0), homes: [], notes: {} },
  ...more,
});
const put = (key: string, more: Partial<User> = {}): Promise<unknown> =>
  app.client.DB.set(user(more), key, Users);
const keys = (entries: readonly { readonly key: string }[]): string[] =>
  entries.map(({ key }) => key);

beforeAll(async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) await put(key, { age: key.charCodeAt(0) });
});

describe('pages', () => {
  it('come in key order, on and back', async () => {
    const page = (options: PageOptions) => app.client.datastores.page('Users', options);
    expect(keys(await page({ limit: 2 }))).toEqual(['a', 'b']);
    expect(keys(await page({ limit: 2, after: 'b' }))).toEqual(['c', 'd']);
    expect(keys(await page({ limit: 2, before: 'd' }))).toEqual(['b', 'c']);
    expect(await page({ after: 'e' })).toEqual([]);
  });

  it('show a record that does not fit its schema beside the others', async () => {
    const { datastores } = app.client;
    await put('f');
    await app.db
      .collection<{ _id: string }>('Users')
      .updateOne({ _id: 'f' }, { $set: { 'v.age': 'x' } });
    const [e, f] = await datastores.page('Users', { after: 'd' });
    expect(e?.record).toMatchObject({ age: 101 });
    expect(f).toEqual({ key: 'f', problem: expect.stringContaining('field "age" should be Int') });
    expect(await datastores.record('Users', 'f')).toMatchObject({ revision: 1 });
    await app.client.datastores.delete('Users', 'f');
    expect(await datastores.record('Users', 'f')).toBeUndefined();
  });

  it('come in the order of an indexed field too, and then of keys', async () => {
    const Sorted = datastore('Sorted', { n: t.Int });
    const values = { h: 2, a: 3, g: 2, b: 1, f: 2, c: 2, e: 0, d: 3 };
    for (const [key, n] of Object.entries(values)) await app.client.DB.set({ n }, key, Sorted);
    await app.db.collection('Sorted').createIndex({ 'v.n': 1 });
    for (const limit of [1, 2, 3, 5, 50]) {
      const all: string[] = [];
      for (let after: string | undefined; ; after = all.at(-1)) {
        const options = { by: 'n', limit, ...(after === undefined ? {} : { after }) };
        const found = keys(await app.client.datastores.page('Sorted', options));
        expect(found.length).toBeLessThanOrEqual(limit);
        if (found.length === 0) break;
        all.push(...found);
      }
      expect(all).toEqual(['e', 'b', 'c', 'f', 'g', 'h', 'a', 'd']);
    }
  });

  it.each(['age', 'nothing', 'secret'])('are not had by %s, which has no index', async (by) => {
    await expect(app.client.datastores.page('Users', { by })).rejects.toMatchObject({
      code: 'query_invalid',
    });
  });

  it('of an unknown datastore are refused', async () => {
    await expect(app.client.datastores.page('Usrs')).rejects.toMatchObject({
      code: 'datastore_unknown',
    });
  });
});

describe('a query as a text', () => {
  it('finds what the lambda means, and tells how', async () => {
    const answer = await app.client.datastores.query('Users', '(u) => u.age > 98', { limit: 2 });
    expect(keys(answer.records)).toEqual(['c', 'd']);
    expect(answer.explanation).toMatchObject({ returned: 3, read: 5, indexes: [] });
  });

  it.each([
    ['u => u.agee > 1', 'Datastore "Users" has no field "agee"', '^^^^'],
    ['u => u.age > min', 'min', ''],
    ['u => process.exit(1)', 'process', ''],
    ['u => { throw new Error() }', '', '^'],
    ['1 + 1', 'write an arrow function', '^'],
    ['u =>', 'not a function that can be read', ''],
    ['(() => { globalThis.ran = true; return (u) => true })()', 'write an arrow function', '^'],
  ])('is compiled and never run: %s', async (text, message, marks) => {
    const query = app.client.datastores.query('Users', text);
    await expect(query).rejects.toMatchObject({
      code: expect.stringMatching(/^(query|capture)_invalid$/),
    });
    await expect(query).rejects.toThrow(message);
    await expect(query).rejects.toThrow(marks);
    expect(globalThis).not.toHaveProperty('ran');
  });
});

describe('replacing a record', () => {
  const { stringify, parse } = JSON;

  it('takes it as JSON has it: times as texts, and the password that is there', async () => {
    const secret = new HashedPassword('$argon2id$1');
    const homes = [{ zip: 1, since: new Date(5) }];
    await put('json', { secret, homes, notes: { 'a.b': '$' } });
    const { record, revision } = (await app.client.datastores.record('Users', 'json')) ?? fail();
    const json = parse(stringify({ ...record, age: 42 })) as object;
    await app.client.datastores.replace('Users', 'json', json, revision);
    const { record: after } = (await app.client.datastores.record('Users', 'json')) ?? fail();
    expect(after).toMatchObject({ age: 42, joined: new Date(0), homes, notes: { 'a.b': '$' } });
    expect(HashedPassword.reveal(after?.['secret'] as HashedPassword)).toBe('$argon2id$1');
  });

  it('says which field is wrong', async () => {
    const { revision } = (await app.client.datastores.record('Users', 'a')) ?? fail();
    const wrong = parse(
      stringify({ ...user(), age: 'old', joined: 'soon', secret: 'open' }),
    ) as object;
    await expect(app.client.datastores.replace('Users', 'a', wrong, revision)).rejects.toThrow(
      'Expected Int for Users.age, got String & Expected Date for Users.joined, got String & Expected Password for Users.secret, got String',
    );
  });

  it('leaves one that somebody else has changed meanwhile', async () => {
    await put('raced');
    const { revision } = (await app.client.datastores.record('Users', 'raced')) ?? fail();
    await put('raced', { age: 1 });
    await expect(
      app.client.datastores.replace('Users', 'raced', user({ age: 2 }), revision),
    ).rejects.toMatchObject({ name: 'ConflictError', code: 'write_conflict' });
    const now = await app.client.datastores.record('Users', 'raced');
    expect(now?.record).toMatchObject({ age: 1 });
  });

  it('does not bring back one that was deleted', async () => {
    await expect(app.client.datastores.replace('Users', 'nobody', user(), 1)).rejects.toMatchObject(
      { code: 'record_not_found' },
    );
  });
});

function fail(): never {
  throw new Error('there should be one');
}
