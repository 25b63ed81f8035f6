import { momentOrDayOf } from '../shared/iso-time';
import { mapLeaves } from './map-leaves';
import type { AnyType, DictType, ListType, RecordType, Type } from './types';

/**
 * An event of this type from JSON, which has no dates: where one is expected, an ISO text becomes one. Whatever does not
 * fit stays as it is, for the handler's check to name.
 */
export function eventFromJson(type: Type | undefined, json: unknown): unknown {
  if (type === undefined) return json;
  return mapLeaves(type, json, (kind, value) =>
    kind === 'Date' ? (momentOrDayOf(value) ?? value) : value,
  );
}

/** JSON of an event of this type, to begin with. */
export function exampleOf(type: Type | undefined): unknown {
  if (type === undefined) return {};
  const any = type as AnyType;
  switch (any.kind) {
    case 'String':
      return '';
    case 'Int':
    case 'Float':
      return 0;
    case 'Bool':
      return false;
    case 'Date':
      return '2000-01-01T00:00:00.000Z';
    case 'UUID':
      return '00000000-0000-4000-8000-000000000000';
    case 'List':
      return [exampleOf((any as ListType).of)];
    case 'Dict':
      return { key: exampleOf((any as DictType).of) };
    case 'Record': {
      const fields = Object.entries((any as RecordType).fields);
      const required = fields.filter(([, of]) => of.kind !== 'Optional');
      return Object.fromEntries(required.map(([name, of]) => [name, exampleOf(of)]));
    }
    default:
      return null;
  }
}
