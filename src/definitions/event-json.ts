import type { AnyType, DictType, Fields, ListType, RecordType, Type } from './types';

/**
 * An event of this type from JSON, which has no dates: where one is expected, an ISO text becomes one. Whatever does not
 * fit stays as it is, for the handler's check to name.
 */
export function eventFromJson(type: Type | undefined, json: unknown): unknown {
  if (type === undefined || json === null) return json;
  const any = type as AnyType;
  switch (any.kind) {
    case 'Date':
      return dateFrom(json);
    case 'Optional':
      return eventFromJson((any as ListType).of, json);
    case 'List':
      return Array.isArray(json)
        ? json.map((one) => eventFromJson((any as ListType).of, one))
        : json;
    case 'Dict':
      return isObject(json) ? mapped(json, () => (any as DictType).of) : json;
    case 'Record':
      return isObject(json) ? mapped(json, (name) => own((any as RecordType).fields, name)) : json;
    default:
      return json;
  }
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

// As Date writes it, or with another offset, or a date alone
const ISO = /^[+-]?\d{4,6}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/;

function dateFrom(json: unknown): unknown {
  if (typeof json !== 'string' || !ISO.test(json)) return json;
  const date = new Date(json);
  return Number.isNaN(date.getTime()) ? json : date;
}

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const own = (fields: Fields, name: string): Type | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

function mapped(
  json: Record<string, unknown>,
  typeOf: (name: string) => Type | undefined,
): Record<string, unknown> {
  const entries = Object.entries(json).map(([name, value]) => [
    name,
    eventFromJson(typeOf(name), value),
  ]);
  // fromEntries defines, so that a member named __proto__ is one like any other
  return Object.fromEntries(entries) as Record<string, unknown>;
}
