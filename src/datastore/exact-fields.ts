import type { Filter } from 'mongodb';
import { complaintsAbout } from '../definitions/check-value';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { AnyType, DictType, OptionalType, RecordType, Type } from '../definitions/types';
import { InvalidInputError } from '../shared/errors';
import { own } from '../shared/own';
import { encodeValue, type StoredRecord } from './codec';

type Condition = Record<string, unknown>;

/**
 * The filter for records whose fields are equal to all of `fields`.
 * @throws {InvalidInputError} code `record_invalid` if a field does not exist or its value has the wrong type
 */
export function exactFieldsFilter(
  datastore: DatastoreDefinition,
  fields: Readonly<Record<string, unknown>>,
): Filter<StoredRecord> {
  const conditions = Object.entries(fields).flatMap(([name, value]) => {
    const type = Object.hasOwn(datastore.fields, name) ? datastore.fields[name] : undefined;
    if (type === undefined) throw fieldUnknown(datastore, name);
    const complaints =
      value === undefined && type.kind === 'Optional'
        ? []
        : complaintsAbout(type, value, `${datastore.name}.${name}`);
    if (complaints.length > 0)
      throw new InvalidInputError('record_invalid', complaints.join(' & '));
    return equal(`v.${name}`, type, value);
  });
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** Refuses names that are no fields. `at` is where the query stands, as `file:line:column`. */
export function checkFieldNames(
  datastore: DatastoreDefinition,
  names: readonly string[],
  at: string,
): void {
  const unknown = names.find((name) => !Object.hasOwn(datastore.fields, name));
  if (unknown !== undefined) throw fieldUnknown(datastore, unknown, at);
}

function fieldUnknown(
  { name, fields }: DatastoreDefinition,
  field: string,
  at?: string,
): InvalidInputError {
  const where = at === undefined ? '' : `, which the query at ${at} compares`;
  return new InvalidInputError(
    'record_invalid',
    `Datastore "${name}" has no field "${field}"${where}; fields: ${Object.keys(fields).join(', ')}`,
    { details: { datastore: name, field } },
  );
}

function equal(path: string, type: Type, value: unknown): Condition[] {
  const any = type as AnyType;
  if (value === undefined) return [{ [path]: { $exists: false } }];
  if (value === null) return [{ [path]: { $type: 10 } }]; // a plain null would also find absent fields
  switch (any.kind) {
    case 'Optional':
      return equal(path, (any as OptionalType).of, value);
    case 'Record':
      return Object.entries((any as RecordType).fields).flatMap(([name, of]) =>
        equal(`${path}.${name}`, of, own(value as Record<string, unknown>, name)),
      );
    case 'Dict':
      return equalDict(path, (any as DictType).of, value as Record<string, unknown>);
    case 'List': {
      // $eq also finds lists that hold the list as an element; with the length given that cannot be
      const list = encodeValue(any, value) as unknown[];
      return [{ [path]: { $eq: list } }, { [path]: { $size: list.length } }];
    }
    default:
      return [{ [path]: encodeValue(any, value) }];
  }
}

/** Equal whatever the order of the keys. */
function equalDict(path: string, of: Type, dict: Record<string, unknown>): Condition[] {
  const entries = Object.entries(dict);
  const each = entries.map(([k, v]) => ({ [path]: { $elemMatch: { k, v: encodeValue(of, v) } } }));
  return [{ [path]: { $size: entries.length } }, ...each];
}

/** The paths whose indexes serve a query for these fields. */
export function exactFieldIndexes(
  { fields }: DatastoreDefinition,
  names: readonly string[],
): string[] {
  return names.flatMap((name) => {
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return type === undefined ? [] : [indexPath(`v.${name}`, type)];
  });
}

/** One index is enough for a Record: on its first field. */
function indexPath(path: string, type: Type): string {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Optional':
      return indexPath(path, (any as OptionalType).of);
    case 'Record': {
      const [first] = Object.entries((any as RecordType).fields);
      return first === undefined ? path : indexPath(`${path}.${first[0]}`, first[1]);
    }
    case 'Dict':
      return `${path}.k`;
    default:
      return path;
  }
}
