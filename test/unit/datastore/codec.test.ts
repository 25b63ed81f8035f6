import fc from 'fast-check';
import { Binary, BSON, Double, Long, ObjectId } from 'mongodb';
import { decodeRecord, encodeRecord, type StoredRecord } from '../../../src/datastore/codec';
import { datastore, type DatastoreDefinition } from '../../../src/definitions/datastore';
import { type Fields, t, type Type } from '../../../src/definitions/types';
import { HashedPassword } from '../../../src/shared/password';
import { errorWith } from '../../support/error-with';

/** A type and what may stand in a field of it. */
interface Sample {
  readonly type: Type;
  readonly value: fc.Arbitrary<unknown>;
}

const text = fc.string({ unit: 'binary', maxLength: 8 });
const leaf = fc.constantFrom<Sample>(
  { type: t.String, value: text },
  { type: t.Int, value: fc.maxSafeInteger() },
  { type: t.Float, value: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { type: t.Bool, value: fc.boolean() },
  { type: t.Date, value: fc.date({ noInvalidDate: true }) },
  { type: t.UUID, value: fc.uuid() },
  { type: t.Password, value: text.map((hash) => new HashedPassword(hash)) },
);

const fieldName = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/).filter((name) => name !== '__proto__'),
  fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '_id', 'v', 'k', 'length'),
);
const dictKey = fc
  .oneof(text, fc.constantFrom('$a', 'b.c', '', 'toString', 'constructor', '0'))
  .filter((k) => k !== '__proto__');

const bare = (entries: [string, unknown][]): unknown =>
  Object.assign(Object.create(null) as object, Object.fromEntries(entries));

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('sample').map(({ type, value }) => ({
      type: t.List(type),
      value: fc.array(value, { maxLength: 3 }),
    })),
    tie('sample').map(({ type, value }) => ({
      type: t.Dict(type),
      value: fc
        .uniqueArray(fc.tuple(dictKey, value), { maxLength: 3, selector: ([k]) => k })
        .map(bare),
    })),
    fc
      .dictionary(fieldName, fc.tuple(tie('sample'), fc.boolean()), { maxKeys: 3 })
      .map((fields) => {
        const { types, record } = recordOf(fields);
        return { type: t.Record(types), value: record };
      }),
  ),
}));

/** Fields and their records; the boolean says whether a field is optional. */
function recordOf(fields: Record<string, [Sample, boolean]>): {
  types: Fields;
  record: fc.Arbitrary<Record<string, unknown>>;
} {
  const entries = Object.entries(fields);
  const types = Object.fromEntries(
    entries.map(([name, [{ type }, optional]]) => [name, optional ? t.optional(type) : type]),
  );
  const values = entries.map(([name, [{ value }, optional]]) =>
    (optional ? fc.oneof(value, fc.constantFrom(null, ABSENT)) : value).map(
      (v) => [name, v] as const,
    ),
  );
  const record = fc
    .tuple(...values)
    .map((members) => Object.fromEntries(members.filter(([, v]) => v !== ABSENT)));
  return { types, record };
}
const ABSENT = Symbol('absent');

const storeAndRecord = fc
  .dictionary(fieldName, fc.tuple(sample, fc.boolean()), { maxKeys: 4 })
  .chain((fields) => {
    const { types, record } = recordOf(fields);
    return fc.tuple(fc.constant(datastore('D', types)), record);
  });

/** As MongoDB would give it back. */
function throughBson(ds: DatastoreDefinition, record: unknown): StoredRecord {
  const document = { _id: 'key', g: 1, r: 1, o: [], v: encodeRecord(ds, record) };
  return BSON.deserialize(BSON.serialize(document)) as StoredRecord;
}

/** Passwords show their hash here, so that the test compares it. */
const comparable = (value: unknown): unknown => {
  if (value instanceof HashedPassword) return { hash: HashedPassword.reveal(value) };
  if (value instanceof Date) return { date: value.getTime() };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([k, v]) => [k, comparable(v)] as [string, unknown]);
  return {
    proto: Object.getPrototypeOf(value) === null ? 'none' : 'object',
    members: new Map(members),
  };
};

test('a record of any schema survives the way through BSON', () => {
  fc.assert(
    fc.property(storeAndRecord, ([ds, record]) => {
      expect(comparable(decodeRecord(ds, throughBson(ds, record)))).toEqual(comparable(record));
    }),
    { numRuns: 500 },
  );
});

const All = datastore('All', {
  int: t.Int,
  float: t.Float,
  uuid: t.UUID,
  dict: t.Dict(t.Int),
  password: t.Password,
  date: t.Date,
  list: t.List(t.Record({ n: t.Int })),
  maybe: t.optional(t.String),
});
const RECORD = {
  int: 1,
  float: 1,
  uuid: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  dict: { 'a.b': 1, $c: 2 },
  password: new HashedPassword('hash'),
  date: new Date(5),
  list: [{ n: 2 ** 40 }],
};

test('stores the same BSON types whatever the value', () => {
  const bytes = BSON.serialize(encodeRecord(All, RECORD));
  const stored = BSON.deserialize(bytes, { promoteValues: false }) as Record<string, never>;
  expect(stored).toMatchObject({
    int: expect.any(Long) as never,
    float: expect.any(Double) as never,
  });
  const { uuid, dict, password, date, list } = BSON.deserialize(bytes, { promoteLongs: false }) as {
    uuid: Binary;
    dict: unknown;
    password: unknown;
    date: unknown;
    list: unknown;
  };
  expect([uuid._bsontype, uuid.sub_type]).toEqual(['Binary', Binary.SUBTYPE_UUID]);
  expect(dict).toEqual([
    { k: '$c', v: Long.fromNumber(2) },
    { k: 'a.b', v: Long.fromNumber(1) },
  ]);
  expect(password).toBe('hash');
  expect(date).toEqual(new Date(5));
  expect(list).toEqual([{ n: Long.fromNumber(2 ** 40) }]);
});

test('gives UUIDs back in lower case', () => {
  expect(decodeRecord(All, throughBson(All, RECORD))['uuid']).toBe(
    '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  );
});

test('keeps null null and absent absent', () => {
  const maybe = (value: object): unknown =>
    Object.entries(throughBson(All, { ...RECORD, ...value }).v).filter(([k]) => k === 'maybe');
  expect(maybe({ maybe: null })).toEqual([['maybe', null]]);
  expect(maybe({ maybe: undefined })).toEqual([]);
  expect(maybe({})).toEqual([]);
  expect(Object.keys(decodeRecord(All, throughBson(All, RECORD)))).not.toContain('maybe');
});

test('does not hold on to the objects of the caller', () => {
  const date = new Date(5);
  const encoded = encodeRecord(All, { ...RECORD, date });
  date.setTime(6);
  expect(encoded['date']).toEqual(new Date(5));
});

test('refuses what is no record, with all complaints', () => {
  expect(() => encodeRecord(All, { ...RECORD, int: 'x', col: 1 })).toThrow(
    errorWith({
      name: 'InvalidInputError',
      code: 'record_invalid',
      message: 'Found but did not expect: [col] & Expected Int for All.int, got String',
      details: { datastore: 'All' },
    }),
  );
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['a wrong type', { int: 'x' }, 'int', 'should be Int, is String'],
  ['an int too large', { int: 2 ** 60 }, 'int', 'should be Int, is Float (no safe integer)'],
  [
    'an int beyond what a number holds',
    { int: Long.MAX_VALUE },
    'int',
    'should be Int, is a Long beyond ±(2^53 − 1)',
  ],
  ['a float that is none', { float: Number.NaN }, 'float', 'should be Float, is NaN'],
  [
    'a date that is none',
    { date: new Date(Number.NaN) },
    'date',
    'should be Date, is Invalid Date',
  ],
  ['an ObjectId', { maybe: new ObjectId() }, 'maybe', 'should be String, is ObjectId'],
  ['null', { float: null }, 'float', 'should be Float, is Null'],
  ['a missing field', { date: undefined }, 'date', 'should be Date, is absent'],
  ['a UUID as text', { uuid: 'x' }, 'uuid', 'should be UUID, is String'],
  [
    'bytes that are no UUID',
    { uuid: new Binary(Buffer.alloc(16), 0) },
    'uuid',
    'should be UUID, is Binary',
  ],
  ['a Dict as document', { dict: { a: 1 } }, 'dict', 'should be Dict, is Record'],
  ['a wrong Dict entry', { dict: [{ k: 'x', v: 'y' }] }, 'dict["x"]', 'should be Int, is String'],
  ['a Dict of something else', { dict: [null] }, 'dict', 'should be Dict'],
  ['a Dict with a key that is no text', { dict: [{ k: 5, v: 1 }] }, 'dict', 'should be Dict'],
  ['a nested field', { list: [{ n: 1 }, { n: 'x' }] }, 'list[1].n', 'should be Int, is String'],
  ['a wrong optional', { maybe: 5 }, 'maybe', 'should be String, is Int'],
])(
  'a stored record with %s is corrupt: it names datastore, key and field',
  (_what, change, field, text) => {
    const { v } = throughBson(All, RECORD);
    const stored = { _id: 'paul', g: 1, r: 1, o: [], v: { ...v, ...change } };
    expect(() => decodeRecord(All, stored)).toThrow(
      errorWith({
        code: 'record_corrupt',
        details: { datastore: 'All', key: 'paul', field },
        message: expect.stringContaining(
          `Record "paul" of datastore "All" does not fit its schema: field "${field}" ${text}`,
        ) as string,
      }),
    );
  },
);

test.each([undefined, null, 'x'])('a stored record without fields is corrupt: %p', (v) => {
  expect(() => decodeRecord(All, { _id: 'k', g: 1, r: 1, o: [], v: v as never })).toThrow(
    errorWith({ code: 'record_corrupt' }),
  );
});

test('a stored record whose key is no text is corrupt', () => {
  const stored = { ...throughBson(All, RECORD), _id: new ObjectId() as never };
  expect(() => decodeRecord(All, stored)).toThrow(
    errorWith({
      code: 'record_corrupt',
      message: expect.stringMatching(
        /^A record of datastore "All" has a key of type ObjectId, expected String: [0-9a-f]{24}$/,
      ) as string,
    }),
  );
});

test('ignores what the schema does not know, so that an older program reads newer records', () => {
  const stored = throughBson(All, RECORD);
  const newer = { ...stored, v: { ...stored.v, added: 1 } };
  expect(decodeRecord(All, newer)).not.toHaveProperty('added');
});
