import { Binary, Double, Long, UUID } from 'mongodb';
import { complaintsAboutRecord, nameOfValue } from '../definitions/check-value';
import type { DatastoreDefinition } from '../definitions/datastore';
import type {
  AnyType,
  DictType,
  Fields,
  ListType,
  OptionalType,
  RecordType,
  Type,
} from '../definitions/types';
import { InvalidInputError, NightshiftError } from '../shared/errors';
import { own } from '../shared/own';
import { isDate } from '../shared/storable';
import { HashedPassword } from '../shared/password';

/** A record as it stands in MongoDB: the user's fields are all below `v`, so their names never meet ours. */
export interface StoredRecord {
  readonly _id: string;
  /** The generation of the schema it was written under. */
  readonly g: number;
  /** How often it was written. */
  readonly r: number;
  /** The last operations that wrote it, newest last: a repeated one does nothing. */
  readonly o: readonly string[];
  readonly v: Readonly<Record<string, unknown>>;
}

interface StoredEntry {
  readonly k: string;
  readonly v: unknown;
}

/** @throws {InvalidInputError} code `record_invalid`, with all complaints, if `record` is no record of `datastore` */
export function encodeRecord(
  datastore: DatastoreDefinition,
  record: unknown,
): Record<string, unknown> {
  const complaints = complaintsAboutRecord(datastore.fields, record, datastore.name);
  if (complaints.length > 0) {
    throw new InvalidInputError('record_invalid', complaints.join(' & '), {
      details: { datastore: datastore.name },
    });
  }
  return encodeFields(datastore.fields, record as Record<string, unknown>);
}

function encodeFields(fields: Fields, record: Record<string, unknown>): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(fields)) {
    const value = own(record, name);
    if (value !== undefined) stored[name] = encodeValue(type, value);
  }
  return stored;
}

/**
 * A checked value as BSON holds it. Numbers are wrapped: the driver would store 1.0 as an int and 2 ** 31 as a double,
 * whatever the schema says.
 */
export function encodeValue(type: Type, value: unknown): unknown {
  const any = type as AnyType;
  if (value === null) return null;
  switch (any.kind) {
    case 'Int':
      return Long.fromNumber(value as number);
    case 'Float':
      return new Double(value as number);
    case 'UUID':
      return new UUID((value as string).toLowerCase());
    case 'Date':
      return new Date((value as Date).getTime());
    case 'Password':
      return HashedPassword.reveal(value as HashedPassword);
    case 'List':
      return (value as unknown[]).map((element) => encodeValue((any as ListType).of, element));
    case 'Dict':
      return encodeDict((any as DictType).of, value as Record<string, unknown>);
    case 'Record':
      return encodeFields((any as RecordType).fields, value as Record<string, unknown>);
    case 'Optional':
      return encodeValue((any as OptionalType).of, value);
    default:
      return value;
  }
}

/**
 * Entries, because a key may start with `$` or hold a dot, which no index and no path can name. Sorted, because MongoDB
 * compares lists in order: so equal Dicts are equal within a list or another Dict, too.
 */
function encodeDict(of: Type, dict: Record<string, unknown>): StoredEntry[] {
  return Object.keys(dict)
    .sort()
    .map((k) => ({ k, v: encodeValue(of, dict[k]) }));
}

/**
 * @throws {NightshiftError} code `record_corrupt`, naming datastore, key and field, if something else than Nightshift
 *   wrote a record that does not fit the schema
 */
export function decodeRecord(
  datastore: DatastoreDefinition,
  stored: StoredRecord,
): Record<string, unknown> {
  const where = { datastore: datastore.name, key: checkedId(datastore.name, stored._id) };
  if (typeof stored.v !== 'object' || stored.v === null)
    throw corrupt(where, 'v', 'Record', stored.v);
  return decodeFields(datastore.fields, stored.v, '', where);
}

interface Where {
  readonly datastore: string;
  readonly key: string;
}

function decodeFields(
  fields: Fields,
  stored: Readonly<Record<string, unknown>>,
  path: string,
  where: Where,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(fields)) {
    const value = own(stored, name);
    if (value === undefined) {
      if (type.kind !== 'Optional') throw corrupt(where, path + name, type.kind, value);
    } else {
      record[name] = decodeValue(type, value, path + name, where);
    }
  }
  return record;
}

function decodeValue(type: Type, value: unknown, path: string, where: Where): unknown {
  const any = type as AnyType;
  const expect = (right: boolean): unknown => {
    if (right) return value;
    throw corrupt(where, path, any.kind, value);
  };
  switch (any.kind) {
    case 'Int':
      return expect(Number.isSafeInteger(value));
    case 'Float':
      return expect(Number.isFinite(value));
    case 'String':
      return expect(typeof value === 'string');
    case 'Bool':
      return expect(typeof value === 'boolean');
    case 'Date':
      return expect(
        typeof value === 'object' &&
          value !== null &&
          isDate(value) &&
          !Number.isNaN(value.getTime()),
      );
    case 'UUID':
      expect(value instanceof Binary && value.sub_type === Binary.SUBTYPE_UUID);
      return (value as Binary).toUUID().toHexString();
    case 'Password':
      expect(typeof value === 'string');
      return new HashedPassword(value as string);
    case 'List':
      expect(Array.isArray(value));
      return (value as unknown[]).map((e, i) =>
        decodeValue((any as ListType).of, e, `${path}[${i}]`, where),
      );
    case 'Dict':
      expect(Array.isArray(value) && value.every(isEntry));
      return decodeDict((any as DictType).of, value as StoredEntry[], path, where);
    case 'Record':
      expect(typeof value === 'object' && value !== null && !Array.isArray(value));
      return decodeFields(
        (any as RecordType).fields,
        value as Record<string, unknown>,
        `${path}.`,
        where,
      );
    case 'Optional':
      return value === null ? null : decodeValue((any as OptionalType).of, value, path, where);
  }
}

const isEntry = (entry: unknown): boolean =>
  typeof (entry as StoredEntry | null | undefined)?.k === 'string';

function decodeDict(
  of: Type,
  entries: readonly StoredEntry[],
  path: string,
  where: Where,
): unknown {
  const dict = Object.create(null) as Record<string, unknown>;
  for (const { k, v } of entries)
    dict[k] = decodeValue(of, v, `${path}[${JSON.stringify(k)}]`, where);
  return dict;
}

function corrupt(where: Where, field: string, expected: string, got: unknown): NightshiftError {
  return new NightshiftError(
    'record_corrupt',
    `Record "${where.key}" of datastore "${where.datastore}" does not fit its schema: field "${field}" should be ${expected}, is ${nameOfStored(got)}`,
    { details: { ...where, field }, remedies: REMEDIES },
  );
}

const REMEDIES = [
  'something else than this app wrote it: mend or delete the record; all others stay readable',
];

/** The type of what stands in MongoDB, in our words where there is one, else in BSON's. */
function nameOfStored(value: unknown): string {
  if (value === undefined) return 'absent';
  const { _bsontype: bsonType } = (value ?? {}) as { readonly _bsontype?: unknown };
  if (bsonType === 'Long') return 'a Long beyond ±(2^53 − 1)';
  return typeof bsonType === 'string' ? bsonType : nameOfValue(value);
}

/**
 * The key of a record, wherever one is read.
 * @throws {NightshiftError} code `record_corrupt`
 */
export function checkedId(datastore: string, id: unknown): string {
  if (typeof id === 'string') return id;
  throw new NightshiftError(
    'record_corrupt',
    `A record of datastore "${datastore}" has a key of type ${nameOfStored(id)}, expected String: ${String(id)}`,
    { details: { datastore, key: String(id) }, remedies: REMEDIES },
  );
}
