import { complaintsAbout } from '../../../src/definitions/check-value';
import { t, type Type } from '../../../src/definitions/types';
import { HashedPassword } from '../../../src/shared/password';

const Users = t.Record({
  name: t.String,
  age: t.Int,
  tags: t.List(t.String),
  nick: t.optional(t.String),
});
const PAUL = { name: 'Paul', age: 41, tags: ['a'] };
const complaint = (value: unknown): string => complaintsAbout(Users, value, 'Users').join(' & ');

test.each<[string, unknown, string]>([
  ['a missing field', { name: 'Paul', tags: [] }, 'Expected but did not find: [age]'],
  ['several missing fields', {}, 'Expected but did not find: [name, age, tags]'],
  ['a field that is undefined', { ...PAUL, age: undefined }, 'Expected but did not find: [age]'],
  ['a field too many', { ...PAUL, col: 1 }, 'Found but did not expect: [col]'],
  ['a wrong type', { ...PAUL, age: 'x' }, 'Expected Int for Users.age, got String'],
  ['null', { ...PAUL, age: null }, 'Expected Int for Users.age, got Null'],
  ['an element', { ...PAUL, tags: ['a', 5] }, 'Expected String for Users.tags[1], got Int'],
  ['a hole', { ...PAUL, tags: new Array(1) }, 'Expected String for Users.tags[0], got Undefined'],
  ['a wrong optional', { ...PAUL, nick: true }, 'Expected String for Users.nick, got Bool'],
  ['no record', 'Paul', 'Expected Record for Users, got String'],
  ['null as record', null, 'Expected Record for Users, got Null'],
  ['a list as record', [], 'Expected Record for Users, got List'],
  ['a Map as record', new Map(), 'Expected Record for Users, got Map'],
  [
    'everything at once',
    { name: 1, tags: 'x', col: 1, row: 2 },
    'Expected but did not find: [age] & Found but did not expect: [col, row] & Expected String for Users.name, got Int & Expected List for Users.tags, got String',
  ],
])("complains about %s in Dark's words", (_what, value, text) =>
  expect(complaint(value)).toBe(text),
);

test.each([{}, { nick: null }, { nick: undefined }, { nick: 'p' }])(
  'accepts an optional field as %p',
  (nick) => expect(complaint({ ...PAUL, ...nick })).toBe(''),
);

test('accepts a record without prototype', () => {
  expect(complaint(Object.assign(Object.create(null), PAUL))).toBe('');
});

test('does not take what an object inherits for its fields', () => {
  const type = t.Record({ constructor: t.String, toString: t.optional(t.String) });
  expect(complaintsAbout(type, {}, 'X')).toEqual(['Expected but did not find: [constructor]']);
  expect(complaintsAbout(t.Record({}), { toString: 1 }, 'X')).toEqual([
    'Found but did not expect: [toString]',
  ]);
});

const UUID = '6f9619ff-8b86-d011-b42d-00c04fc964ff';

test.each<[string, Type, unknown[]]>([
  ['String', t.String, ['', 'a', '\0', '😀']],
  ['Int', t.Int, [0, -0, 1.0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
  ['Float', t.Float, [0, 1, -1.5, Number.MAX_VALUE, 2 ** 60]],
  ['Bool', t.Bool, [true, false]],
  ['Date', t.Date, [new Date(0), new Date(8.64e15)]],
  ['UUID', t.UUID, [UUID, UUID.toUpperCase()]],
  ['Password', t.Password, [new HashedPassword('x')]],
  ['List', t.List(t.Int), [[], [1, 2]]],
  ['Dict', t.Dict(t.Int), [{}, { $a: 1, 'b.c': 2, toString: 3 }, Object.create(null)]],
  ['Record', t.Record({ a: t.Int }), [{ a: 1 }]],
])('%s accepts what it is', (_name, type, values) => {
  for (const value of values) expect(complaintsAbout(type, value, 'x')).toEqual([]);
});

test.each<[string, Type, [unknown, string][]]>([
  [
    'String',
    t.String,
    [
      [1, 'Int'],
      [null, 'Null'],
      [undefined, 'Undefined'],
      ['\ud800', 'a String with half a surrogate pair'],
    ],
  ],
  [
    'Int',
    t.Int,
    [
      [1.5, 'Float'],
      [2 ** 53, 'Float (no safe integer)'],
      [Number.NaN, 'NaN'],
      [1n, 'BigInt'],
      ['1', 'String'],
    ],
  ],
  [
    'Float',
    t.Float,
    [
      [Number.NaN, 'NaN'],
      [-Infinity, 'Infinity'],
      ['1', 'String'],
      [1n, 'BigInt'],
    ],
  ],
  [
    'Bool',
    t.Bool,
    [
      [0, 'Int'],
      ['true', 'String'],
      [null, 'Null'],
    ],
  ],
  [
    'Date',
    t.Date,
    [
      [new Date(Number.NaN), 'Invalid Date'],
      ['2026-01-01', 'String'],
      [0, 'Int'],
    ],
  ],
  [
    'UUID',
    t.UUID,
    [
      ['6f9619ff', 'String'],
      [`${UUID} `, 'String'],
      [1, 'Int'],
    ],
  ],
  [
    'Password',
    t.Password,
    [
      ['secret', 'String'],
      [{}, 'Record'],
    ],
  ],
  [
    'List',
    t.List(t.Int),
    [
      [{}, 'Record'],
      [new Set(), 'Set'],
      [new Uint8Array(), 'Uint8Array'],
    ],
  ],
  [
    'Dict',
    t.Dict(t.Int),
    [
      [[], 'List'],
      [new Map(), 'Map'],
      [new Date(0), 'Date'],
    ],
  ],
  [
    'Record',
    t.Record({}),
    [
      [() => 1, 'Function'],
      [Symbol('s'), 'Symbol'],
      [new HashedPassword('x'), 'Password'],
    ],
  ],
])('%s refuses what it is not, naming the type that came', (name, type, wrong) => {
  for (const [value, got] of wrong) {
    expect(complaintsAbout(type, value, 'x')).toEqual([`Expected ${name} for x, got ${got}`]);
  }
});

test('names the entry of a Dict, and refuses keys that MongoDB or JavaScript would change', () => {
  const type = t.Dict(t.Int);
  expect(complaintsAbout(type, { 'a.b': 'x' }, 'U.d')).toEqual([
    'Expected Int for U.d["a.b"], got String',
  ]);
  expect(complaintsAbout(type, { '\ud800': 1 }, 'U.d')).toEqual([
    'Expected String for a key of U.d, got a String with half a surrogate pair',
  ]);
  expect(complaintsAbout(type, JSON.parse('{"__proto__":1}'), 'U.d')).toEqual([
    'Expected another key than "__proto__" in U.d',
  ]);
});

test('names nested places', () => {
  const type = t.Record({ list: t.List(t.Record({ d: t.Dict(t.List(t.Int)) })) });
  expect(complaintsAbout(type, { list: [{ d: {} }, { d: { k: [1, 'x'] } }] }, 'A')).toEqual([
    'Expected Int for A.list[1].d["k"][1], got String',
  ]);
});

test('never shows the value', () => {
  expect(complaint({ ...PAUL, age: 'secret' })).not.toContain('secret');
});
