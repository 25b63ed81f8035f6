import { type DatastoreFunctions, HashedPassword } from 'nightshift';
import { useApp } from '../support/test-app';
import { All, Blobs, Users } from './apps/stores';

const app = useApp('stores.ts');
const stores = { Users, All, Blobs };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** For records that no process of ours would write. */
const FORCED = { bypassDocumentValidation: true };

type Store = keyof typeof stores;
type Call = (name: keyof DatastoreFunctions, store: Store, ...args: unknown[]) => Promise<unknown>;

const inHandler: Call = async (call, store, ...args) =>
  (await app.client.emit({ call, args, store }, 'call')).result();
const fromClient: Call = (call, store, ...args) =>
  (app.client.DB[call] as (...args: unknown[]) => Promise<unknown>)(...args, stores[store]);

const paul = { name: 'Paul', age: 41, tags: ['a'] };
const eva = { name: 'Eva', age: 18, tags: [], nick: null };
const ada = { name: 'Ada', age: 18, tags: ['a', 'b'], nick: 'countess' };

// As `never` where it is passed on: TypeScript takes the inherited `constructor` for the optional field of that name.
const ALL = {
  text: 'é😀\0',
  int: -5,
  float: 1,
  bool: false,
  date: new Date(5),
  uuid: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  dict: { 'a.b': 1, $c: 2, toString: 3 },
  dicts: [{ x: 1, y: 2 }],
  place: { lat: 0.5 },
};

describe.each<[string, Call]>([
  ['in a handler', inHandler],
  ['from the client', fromClient],
])('DB %s', (_where, call) => {
  beforeEach(async () => {
    await app.client.DB.deleteAll(Users);
    await app.client.DB.deleteAll(All);
    await app.client.DB.set(paul, 'paul', Users);
    await app.client.DB.set(eva, 'eva', Users);
    await app.client.DB.set(ada, 'ada', Users);
  });

  test('set stores in place of what was there, and returns the value', async () => {
    expect(await call('set', 'Users', { ...paul, age: 42 }, 'paul')).toEqual({ ...paul, age: 42 });
    expect(await call('get', 'Users', 'paul')).toEqual({ ...paul, age: 42 });
    expect(await call('count', 'Users')).toBe(3);
  });

  test('add makes a key and returns it', async () => {
    const key = (await call('add', 'Users', paul)) as string;
    expect(key).toMatch(UUID);
    expect(await call('get', 'Users', key)).toEqual(paul);
  });

  test('get of what is not there is undefined', async () => {
    expect(await call('get', 'Users', 'nobody')).toBeUndefined();
  });

  test.each<[string, keyof DatastoreFunctions, unknown[], unknown]>([
    ['getMany keeps order and repeats', 'getMany', [['paul', 'eva', 'paul']], [paul, eva, paul]],
    ['getMany is all or undefined', 'getMany', [['paul', 'nobody']], undefined],
    ['getMany of nothing is nothing', 'getMany', [[]], []],
    [
      'getExisting keeps order and repeats',
      'getExisting',
      [['x', 'paul', 'eva', 'paul']],
      [paul, eva, paul],
    ],
    ['getManyWithKeys', 'getManyWithKeys', [['paul', 'x', 'ada']], { paul, ada }],
    ['getAll comes in the order of keys', 'getAll', [], [ada, eva, paul]],
    ['getAllWithKeys', 'getAllWithKeys', [], { ada, eva, paul }],
    ['keys', 'keys', [], ['ada', 'eva', 'paul']],
    ['count', 'count', [], 3],
    ['queryExactFields', 'queryExactFields', [{ age: 18 }], [ada, eva]],
    ['queryExactFields of several fields', 'queryExactFields', [{ age: 18, name: 'Eva' }], [eva]],
    ['queryExactFields of nothing finds all', 'queryExactFields', [{}], [ada, eva, paul]],
    ['queryExactFields by a list, in order', 'queryExactFields', [{ tags: ['a', 'b'] }], [ada]],
    ['queryExactFields by a list in another order', 'queryExactFields', [{ tags: ['b', 'a'] }], []],
    ['queryExactFields by an empty list', 'queryExactFields', [{ tags: [] }], [eva]],
    ['queryExactFields by null', 'queryExactFields', [{ nick: null }], [eva]],
    ['queryExactFields by absent', 'queryExactFields', [{ nick: undefined }], [paul]],
    ['queryExactFieldsWithKey', 'queryExactFieldsWithKey', [{ age: 18 }], { ada, eva }],
    ['queryExactFieldsWithKey that finds nothing', 'queryExactFieldsWithKey', [{ age: 1 }], {}],
    ['queryOneWithExactFields finds one', 'queryOneWithExactFields', [{ age: 41 }], paul],
    ['queryOneWithExactFields of two is none', 'queryOneWithExactFields', [{ age: 18 }], undefined],
    ['queryOneWithExactFields of none is none', 'queryOneWithExactFields', [{ age: 1 }], undefined],
    [
      'queryOneWithExactFieldsWithKey',
      'queryOneWithExactFieldsWithKey',
      [{ age: 41 }],
      ['paul', paul],
    ],
    [
      'queryOneWithExactFieldsWithKey of two',
      'queryOneWithExactFieldsWithKey',
      [{ age: 18 }],
      undefined,
    ],
    [
      'schema',
      'schema',
      [],
      { name: 'String', age: 'Int', tags: 'List<String>', nick: 'Optional<String>' },
    ],
    ['schemaFields', 'schemaFields', [], ['name', 'age', 'tags', 'nick']],
  ])('%s', async (_rule, name, args, expected) => {
    expect(await call(name, 'Users', ...args)).toStrictEqual(expected);
  });

  test('delete and deleteAll; what is not there is fine', async () => {
    expect(await call('delete', 'Users', 'paul')).toBeUndefined();
    expect(await call('delete', 'Users', 'paul')).toBeUndefined();
    expect(await call('keys', 'Users')).toEqual(['ada', 'eva']);
    expect(await call('deleteAll', 'Users')).toBeUndefined();
    expect(await call('count', 'Users')).toBe(0);
  });

  test('every type comes back as it was, a UUID in lower case', async () => {
    await call('set', 'All', ALL, 'k');
    const stored = { ...ALL, uuid: ALL.uuid.toLowerCase() };
    expect(await call('get', 'All', 'k')).toEqual(stored);
    expect(await call('getAll', 'All')).toEqual([stored]);
    await call(
      'set',
      'All',
      { ...ALL, maybe: null, place: { lat: 1, name: null }, constructor: 1 },
      'k',
    );
    expect(await call('get', 'All', 'k')).toEqual({
      ...stored,
      maybe: null,
      place: { lat: 1, name: null },
      constructor: 1,
    });
  });

  test('null is not absent', async () => {
    await call('set', 'All', ALL, 'absent');
    await call('set', 'All', { ...ALL, maybe: null }, 'null');
    expect(Object.keys((await call('get', 'All', 'absent')) as object)).not.toContain('maybe');
    expect(await call('get', 'All', 'null')).toHaveProperty('maybe', null);
    expect(
      Object.keys((await call('queryExactFieldsWithKey', 'All', { maybe: null })) as object),
    ).toEqual(['null']);
    expect(
      Object.keys((await call('queryExactFieldsWithKey', 'All', { maybe: undefined })) as object),
    ).toEqual(['absent']);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a UUID of any case', { uuid: ALL.uuid.toUpperCase() }],
    ['a number that is whole', { float: 1, int: -5 }],
    ['a date', { date: new Date(5) }],
    ['a Dict in any order', { dict: { toString: 3, $c: 2, 'a.b': 1 } }],
    ['Dicts within a list in any order', { dicts: [{ y: 2, x: 1 }] }],
    ['a record', { place: { lat: 0.5 } }],
    ['a record whose optional field is undefined', { place: { lat: 0.5, name: undefined } }],
    ['a text with everything', { text: ALL.text }],
  ])('finds by %s', async (_what, fields) => {
    await call('set', 'All', ALL, 'k');
    expect(await call('queryExactFields', 'All', fields)).toHaveLength(1);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a Dict with an entry less', { dict: { 'a.b': 1, $c: 2 } }],
    ['a Dict with another value', { dict: { 'a.b': 1, $c: 2, toString: 4 } }],
    ['a record with a field more', { place: { lat: 0.5, name: 'x' } }],
  ])('does not find by %s', async (_what, fields) => {
    await call('set', 'All', ALL, 'k');
    expect(await call('queryExactFields', 'All', fields)).toEqual([]);
  });

  test('keys are any texts, in the order of code points', async () => {
    await app.client.DB.deleteAll(Users);
    const keys = [
      '__proto__',
      'Z',
      'a',
      'a.b',
      '$a',
      'é',
      '\uffee',
      '😀',
      ' ',
      '10',
      '9',
      'x'.repeat(1024),
    ];
    for (const key of keys) await call('set', 'Users', paul, key);
    const ordered = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await call('keys', 'Users')).toEqual(ordered);
    expect(Object.keys((await call('getAllWithKeys', 'Users')) as object).sort()).toEqual(
      [...keys].sort(),
    );
    expect(await call('getMany', 'Users', keys)).toHaveLength(keys.length);
  });

  test.each<[string, unknown, string]>([
    ['missing', { name: 'P', tags: [] }, 'Expected but did not find: [age]'],
    ['too many', { ...paul, col: 1 }, 'Found but did not expect: [col]'],
    ['wrong', { ...paul, age: 'x' }, 'Expected Int for Users.age, got String'],
    ['null', { ...paul, age: null }, 'Expected Int for Users.age, got Null'],
    ['an element', { ...paul, tags: ['a', 5] }, 'Expected String for Users.tags[1], got Int'],
    [
      'several',
      { age: 1.5, tags: [], col: 1 },
      'Expected but did not find: [name] & Found but did not expect: [col] & Expected Int for Users.age, got Float',
    ],
    ['NaN', { ...paul, age: Number.NaN }, 'Expected Int for Users.age, got NaN'],
    ['no record', 5, 'Expected Record for Users, got Int'],
    [
      'half a surrogate pair',
      { ...paul, name: '\ud800' },
      'Expected String for Users.name, got a String with half a surrogate pair',
    ],
  ])('a bad record is refused and changes nothing: %s', async (_what, record, message) => {
    await expect(call('set', 'Users', record, 'paul')).rejects.toMatchObject({ message });
    await expect(call('add', 'Users', record)).rejects.toMatchObject({ message });
    expect(await app.client.DB.getAllWithKeys(Users)).toEqual({ ada, eva, paul });
  });

  test.each<[string, unknown, string]>([
    ['empty', '', 'A key of datastore "Users" must not be empty'],
    ['no text', 5, 'A key of datastore "Users" must be a text, got number'],
    [
      'too long',
      'x'.repeat(1025),
      'A key of datastore "Users" must have at most 1024 bytes (1 KiB), got 1025',
    ],
    [
      'half a surrogate pair',
      '\udc00',
      'A key of datastore "Users" must not hold a NUL character or half a surrogate pair',
    ],
  ])('a bad key is refused: %s', async (_what, key, message) => {
    await expect(call('set', 'Users', paul, key)).rejects.toMatchObject({ message });
    await expect(call('get', 'Users', key)).rejects.toMatchObject({ message });
    await expect(call('delete', 'Users', key)).rejects.toMatchObject({ message });
    await expect(call('getMany', 'Users', ['paul', key])).rejects.toMatchObject({ message });
  });

  test.each<[unknown, string]>([
    [{ agee: 1 }, 'Datastore "Users" has no field "agee"; fields: name, age, tags, nick'],
    [{ age: '1' }, 'Expected Int for Users.age, got String'],
    [{ age: { $gt: 0 } }, 'Expected Int for Users.age, got Record'],
  ])('a bad query is refused: %p', async (fields, message) => {
    await expect(call('queryExactFields', 'Users', fields)).rejects.toMatchObject({ message });
  });

  test('a record of more than 2 MB is refused', async () => {
    await expect(call('set', 'Blobs', { text: 'x'.repeat(2_000_001) }, 'k')).rejects.toThrow(
      /has 20000\d\d bytes; expected at most 2000000/,
    );
  });

  test('generateKey gives UUIDs', async () => {
    expect(await call('generateKey', 'Users')).toMatch(UUID);
  });
});

test('the codes of refusals are those of the client', async () => {
  await expect(app.client.DB.get('', Users)).rejects.toMatchObject({ code: 'key_invalid' });
  await expect(app.client.DB.set({} as never, 'a', Users)).rejects.toMatchObject({
    code: 'record_invalid',
  });
});

test('what a handler reads has Dates, and Dicts without prototype', async () => {
  await app.client.DB.deleteAll(All);
  await app.client.DB.set(ALL as never, 'k', All);
  expect(await (await app.client.emit('k', 'shapes')).result()).toEqual({
    date: true,
    bare: [true, true, true],
    inherited: false,
    absent: false,
  });
  expect(Object.getPrototypeOf((await app.client.DB.get('k', All))?.dict)).toBeNull();
});

test('a password is hashed, checked, stored and never shown', async () => {
  const event = await app.client.emit('s3cret', 'passwords');
  const { hashed, ...rest } = (await event.result()) as { hashed: HashedPassword };
  expect(rest).toEqual({ shown: '"<password>" <password>', is: true, right: true, wrong: false });
  expect(hashed).toBeInstanceOf(HashedPassword);
  expect(HashedPassword.reveal(hashed)).toMatch(/^\$argon2id\$/);
  await app.client.DB.set({ ...ALL, password: hashed } as never, 'k', All);
  const { password } = (await app.client.DB.get('k', All)) ?? {};
  expect(HashedPassword.reveal(password as HashedPassword)).toBe(HashedPassword.reveal(hashed));
});

test('a datastore that the app does not export is refused, with the ones it exports', async () => {
  await expect((await app.client.emit(null, 'hidden')).result()).rejects.toMatchObject({
    code: 'handler_failed',
    message:
      'The app does not export datastore "Hidden"; it exports: All, Blobs, Users; export the datastore from the app module',
  });
});

test('an argument that no step can carry is the failure of the event', async () => {
  await expect((await app.client.emit(null, 'unstorable')).result()).rejects.toMatchObject({
    code: 'handler_failed',
    message: expect.stringMatching(/name.*unction/) as string,
  });
});

test('a record that something else wrote is told apart from all others', async () => {
  await app.client.DB.deleteAll(Users);
  await app.client.DB.set(paul, 'paul', Users);
  await app.db
    .collection('Users')
    .insertOne({ _id: 'odd' as never, g: 1, r: 1, o: [], v: { name: 5 } }, FORCED);
  const error = { message: expect.stringContaining('Record "odd" of datastore "Users"') as string };
  await expect(app.client.DB.get('odd', Users)).rejects.toMatchObject({
    ...error,
    code: 'record_corrupt',
  });
  await expect(inHandler('get', 'Users', 'odd')).rejects.toMatchObject({
    ...error,
    code: 'handler_failed',
  });
  expect(await app.client.DB.get('paul', Users)).toEqual(paul);
});

describe('a result of more than 2 MB', () => {
  const text = 'x'.repeat(900_000);
  beforeAll(async () => {
    for (const key of ['a', 'b', 'c']) await app.client.DB.set({ text }, key, Blobs);
  });

  const READ = ['What was read from datastore "Blobs"', 'DB.query or DB.scan'] as const;
  const FOUND = [
    'What this query of datastore "Blobs" finds',
    'a narrower DB.query, DB.queryCount or DB.scan',
  ] as const;
  test.each<[string, keyof DatastoreFunctions, unknown[], readonly [string, string]]>([
    ['many records', 'getAll', [], READ],
    ['a query', 'queryExactFields', [{}], FOUND],
    ['different keys', 'getMany', [['a', 'b', 'c']], READ],
    ['one key again and again', 'getMany', [['a', 'a', 'a']], READ],
  ])(
    'is refused in a handler, with what to use instead: %s',
    async (_, name, args, [what, use]) => {
      await expect(inHandler(name, 'Blobs', ...args)).rejects.toMatchObject({
        code: 'handler_failed',
        message: `${what} is larger than 2000000 bytes (2 MB), the most one step can return; use ${use} instead`,
      });
    },
  );

  test('and so is a record of that size, everywhere', async () => {
    const large = { text: 'x'.repeat(2_000_000) };
    const message =
      /^Cannot be stored: the record for datastore "Blobs" has \d+ bytes; expected at most 2000000 \(2 MB\)\. Divide it .*DB\.query.*DB\.scan/;
    await expect(app.client.DB.set(large, 'd', Blobs)).rejects.toThrow(message);
  });

  test('may come to the client', async () => {
    expect(await app.client.DB.getAll(Blobs)).toHaveLength(3);
  });

  test('is also one of long keys', async () => {
    await app.client.DB.deleteAll(Blobs);
    const documents = Array.from({ length: 2100 }, (_, i) => ({
      _id: `${i}`.padStart(1024, 'x') as never,
      g: 1,
      r: 1,
      o: [],
      v: { text: '' },
    }));
    await app.db.collection('Blobs').insertMany(documents, FORCED);
    await expect(inHandler('keys', 'Blobs')).rejects.toThrow('larger than 2000000 bytes');
    await expect(inHandler('getAll', 'Blobs')).rejects.toThrow('larger than 2000000 bytes');
    await app.client.DB.deleteAll(Blobs);
  });
});

test('an event with two DB calls has exactly eight history events, its steps with readable summaries', async () => {
  const event = await app.client.emit('paul', 'two');
  await event.result();
  const { events = [] } = await app.temporal.workflow
    .getHandle(`${app.name}/${event.id}`)
    .fetchHistory();
  const summaries = (events ?? []).flatMap(({ userMetadata }) => {
    const data = userMetadata?.summary?.data;
    return data == null ? [] : [Buffer.from(data).toString()];
  });
  expect(events).toHaveLength(8);
  expect(summaries.slice(-2)).toEqual(['"Users \\"paul\\""', '"Users \\"paul\\""']);
});
