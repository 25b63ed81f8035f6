import { Double, Long, UUID } from 'mongodb';
import { exactFieldsFilter } from '../../../src/datastore/exact-fields';
import { datastore } from '../../../src/definitions/datastore';
import { t } from '../../../src/definitions/types';
import { errorWith } from '../../support/error-with';

const D = datastore('D', {
  name: t.String,
  n: t.Int,
  x: t.Float,
  id: t.UUID,
  maybe: t.optional(t.String),
  list: t.List(t.Int),
  dict: t.Dict(t.Int),
  at: t.Record({ lat: t.Float, name: t.optional(t.String), constructor: t.optional(t.String) }),
});

test.each<[string, Record<string, unknown>, object[]]>([
  ['a text', { name: 'a' }, [{ 'v.name': 'a' }]],
  [
    'numbers of either type',
    { n: 1, x: 1 },
    [{ 'v.n': Long.fromNumber(1) }, { 'v.x': new Double(1) }],
  ],
  [
    'a UUID of any case',
    { id: '6F9619FF-8B86-D011-B42D-00C04FC964FF' },
    [{ 'v.id': new UUID('6f9619ff-8b86-d011-b42d-00c04fc964ff') }],
  ],
  ['a value of an optional', { maybe: 'a' }, [{ 'v.maybe': 'a' }]],
  ['null, which is not absent', { maybe: null }, [{ 'v.maybe': { $type: 10 } }]],
  ['absent, which is not null', { maybe: undefined }, [{ 'v.maybe': { $exists: false } }]],
  [
    'a list',
    { list: [1] },
    [{ 'v.list': { $eq: [Long.fromNumber(1)] } }, { 'v.list': { $size: 1 } }],
  ],
  [
    'a Dict, whatever its order',
    { dict: { b: 1, a: 2 } },
    [
      { 'v.dict': { $size: 2 } },
      { 'v.dict': { $elemMatch: { k: 'b', v: Long.fromNumber(1) } } },
      { 'v.dict': { $elemMatch: { k: 'a', v: Long.fromNumber(2) } } },
    ],
  ],
  [
    'a record, field by field',
    { at: { lat: 1 } },
    [
      { 'v.at.lat': new Double(1) },
      { 'v.at.name': { $exists: false } },
      { 'v.at.constructor': { $exists: false } },
    ],
  ],
])('finds %s', (_what, fields, conditions) => {
  expect(exactFieldsFilter(D, fields)).toEqual({ $and: conditions });
});

test('finds everything where no field is asked for', () => {
  expect(exactFieldsFilter(D, {})).toEqual({});
});

test.each<[Record<string, unknown>, string]>([
  [{ agee: 1 }, 'Datastore "D" has no field "agee"; fields: name, n, x, id, maybe, list, dict, at'],
  [{ toString: 1 }, 'Datastore "D" has no field "toString"'],
  [{ name: 1 }, 'Expected String for D.name, got Int'],
  [{ name: { $gt: '' } }, 'Expected String for D.name, got Record'],
  [{ name: undefined }, 'Expected String for D.name, got Undefined'],
  [{ name: null }, 'Expected String for D.name, got Null'],
  [{ at: { lat: 1, lon: 2 } }, 'Found but did not expect: [lon]'],
])('refuses %p', (fields, text) => {
  expect(() => exactFieldsFilter(D, fields)).toThrow(
    errorWith({
      code: 'record_invalid',
      message: expect.stringContaining(text) as string,
    }),
  );
});
