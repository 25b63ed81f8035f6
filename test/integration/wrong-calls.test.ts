/** Calls that can never be right: refused with a code and words that say what is wrong, in handlers and in Node. */
import { useApp } from '../support/test-app';
import { Users, wrongCalls } from './apps/wrong-calls';

const app = useApp('wrong-calls.ts');

const NO_STORE = 'expected a datastore definition as "ds", got';
const NO_FIELDS = 'expected an object as "fields", e.g. { age: 18 }, got';
const KEY = 'key_invalid: A key of datastore "Users" must be a text, got';
const EVERYWHERE = {
  'no store': `usage: DB.get(key, ds): ${NO_STORE} Undefined`,
  'a name': `usage: DB.get(key, ds): ${NO_STORE} String`,
  'another order': `usage: DB.get(key, ds): ${NO_STORE} String`,
  'set without store': `usage: DB.set(value, key, ds): ${NO_STORE} Undefined`,
  'count without store': `usage: DB.count(ds): ${NO_STORE} Undefined`,
  'schema without store': `usage: DB.schema(ds): ${NO_STORE} Undefined`,
  'scan without store': `usage: DB.scan(ds, options): ${NO_STORE} Undefined`,
  'update without function':
    'usage: DB.update(key, ds, change): expected a function as "change", got Undefined',
  'exact fields null': `usage: DB.queryExactFields(fields, ds): ${NO_FIELDS} Null`,
  'exact fields list': `usage: DB.queryOneWithExactFields(fields, ds): ${NO_FIELDS} List`,
  'key and value swapped': `${KEY} object`,
  'a key that is none': `${KEY} function`,
  function: 'record_invalid: Expected String for Users.name, got Function',
  Set: 'record_invalid: Expected List for Users.tags, got Set',
  class: 'record_invalid: Expected Record for Users.home, got an instance of Home',
  circle: 'record_invalid: Expected String for Users.tags[0], got List',
  hole: 'record_invalid: Expected String for Users.tags[0], got Undefined & Expected String for Users.tags[1], got Undefined',
  symbol: 'record_invalid: Expected String for Users.name, got Symbol',
};

test('in Node', async () => {
  const { DB } = app.client;
  await DB.set({ name: 'Paul', tags: [] }, 'paul', Users);
  for (const [name, call] of Object.entries(wrongCalls(DB))) {
    const error: unknown = await Promise.resolve(call()).catch((e: unknown) => e);
    const { code, message } = error as { code: string; message: string };
    expect({ name, error: `${code}: ${message}` }).toEqual({
      name,
      error: EVERYWHERE[name as keyof typeof EVERYWHERE],
    });
  }
});

test('in a handler, queries and passwords too', async () => {
  const event = await app.client.emit(null, 'call');
  const NO_MATCH = 'which cannot be compared with what is stored';
  expect(await event.result()).toEqual({
    ...EVERYWHERE,
    'function captured': expect.stringMatching(
      /^capture_invalid: Query at .*wrong-calls.ts:\d+:\d+: the captured f is a function, /,
    ),
    'circle captured': expect.stringContaining(
      `the captured circle[0] contains itself, ${NO_MATCH}`,
    ),
    'instance captured': expect.stringContaining(
      `the captured wrongHome is an instance of Home, ${NO_MATCH}`,
    ),
    'half a pair captured': expect.stringContaining(
      'The captured "half" holds half of a surrogate pair',
    ),
    'not compiled': expect.stringMatching(
      /^query_invalid: A query of datastore "Users" was not compiled when the app was bundled: \(u\)\s*=>\s*u.name === 'x'$/,
    ),
    'function in exact fields': 'record_invalid: Cannot be compared: Users.name is a function',
    'hash of no text': 'usage: Password.hash(text): expected a String as "text", got Int',
    'check of no password':
      'usage: Password.check(password, text): expected a Password as "password", got String',
    'check of no text':
      'usage: Password.check(password, text): expected a String as "text", got Int',
  });
});

test('DB is found by whatever name', async () => {
  const event = await app.client.emit(null, 'named');
  expect(await event.result()).toEqual([1, 1, 1, 1]);
});
