import type { AnyType, Fields, ListType, RecordType, Type } from '../definitions/types';
import { own } from '../shared/own';
import { HashedPassword } from '../shared/password';
import { isPlainObject } from '../shared/storable';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A record as JSON has it, with what JSON lacks: times from their ISO texts, and each password that reads `<password>`
 * from the record as it was. What fits no field's type stays as it is: the check of the record names it.
 */
export function recordFromJson(fields: Fields, json: unknown, before: unknown): unknown {
  if (typeof json !== 'object' || json === null || !isPlainObject(json)) return json;
  const entries = Object.entries(json).map(([name, value]) => {
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, type === undefined ? value : fromJson(type, value, memberOf(before, name))];
  });
  return Object.fromEntries(entries) as unknown;
}

function fromJson(type: Type, value: unknown, before: unknown): unknown {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Date':
      return typeof value === 'string' && ISO_TIME.test(value) ? new Date(value) : value;
    case 'Password':
      return before instanceof HashedPassword && value === before.toString() ? before : value;
    case 'Optional':
      return fromJson((any as ListType).of, value, before);
    case 'List':
      return Array.isArray(value)
        ? value.map((each, i) => fromJson((any as ListType).of, each, memberOf(before, String(i))))
        : value;
    case 'Dict': {
      if (typeof value !== 'object' || value === null || !isPlainObject(value)) return value;
      const entries = Object.entries(value).map(([key, each]) => [
        key,
        fromJson((any as ListType).of, each, memberOf(before, key)),
      ]);
      return Object.fromEntries(entries) as unknown;
    }
    case 'Record':
      return recordFromJson((any as RecordType).fields, value, before);
    default:
      return value;
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? own(value as Record<string, unknown>, name)
    : undefined;
