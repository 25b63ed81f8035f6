import type { AnyType, DictType, Fields, ListType, OptionalType, RecordType, Type } from './types';

/**
 * Gives the Dicts of a record that came as JSON their null prototype back, in place, so that `'toString' in dict` is
 * false wherever a record is read. Does nothing, at no cost, for fields without a Dict.
 */
export function bareDicts<T>(fields: Fields, record: T): T {
  for (const [name, type] of Object.entries(fields)) {
    const members = record as Record<string, unknown>;
    if (holdsDict(type) && Object.hasOwn(members, name)) members[name] = bare(type, members[name]);
  }
  return record;
}

function holdsDict(type: Type): boolean {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Dict':
      return true;
    case 'List':
    case 'Optional':
      return holdsDict((any as ListType).of);
    case 'Record':
      return Object.values((any as RecordType).fields).some(holdsDict);
    default:
      return false;
  }
}

function bare(type: Type, value: unknown): unknown {
  const any = type as AnyType;
  if (value == null) return value;
  switch (any.kind) {
    case 'Dict': {
      const dict = Object.create(null) as Record<string, unknown>;
      for (const [k, v] of Object.entries(value)) dict[k] = bare((any as DictType).of, v);
      return dict;
    }
    case 'List':
      return (value as unknown[]).map((element) => bare((any as ListType).of, element));
    case 'Optional':
      return bare((any as OptionalType).of, value);
    case 'Record':
      return bareDicts((any as RecordType).fields, value);
    default:
      return value;
  }
}
