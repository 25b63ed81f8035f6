import { own } from '../shared/own';
import {
  type AnyType,
  type Fields,
  type ListType,
  type RecordType,
  textOfType,
  type Type,
} from '../definitions/types';

/** A type as data, the same for equal types: what is stored to tell whether a schema has changed. */
export type StoredType =
  | { readonly kind: string }
  | { readonly kind: string; readonly of: StoredType }
  | { readonly kind: 'Record'; readonly fields: StoredSchema };

export type StoredSchema = Readonly<Record<string, StoredType>>;

/** Sorted by name: the order in which fields are written in code means nothing. */
export function schemaOf(fields: Fields): StoredSchema {
  const names = Object.keys(fields).sort();
  return Object.fromEntries(names.map((name) => [name, storedType(fields[name] as Type)]));
}

function storedType(type: Type): StoredType {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Record':
      return { kind: 'Record', fields: schemaOf((any as RecordType).fields) };
    case 'Dict':
    case 'List':
    case 'Optional':
      return { kind: any.kind, of: storedType((any as ListType).of) };
    default:
      return { kind: any.kind };
  }
}

/** The fields of a stored schema, as its definition had them. */
export const fieldsOf = (schema: StoredSchema): Fields => schema as Fields; // a stored type is a type, sorted

export function sameSchema(a: StoredSchema, b: StoredSchema): boolean {
  return differences(a, b).length === 0;
}

/** What changed, a line a field: `age: was Int, is now Float`; nested fields by their path. */
export function differences(before: StoredSchema, after: StoredSchema, path = ''): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const old = own(before, name);
    const now = own(after, name);
    if (old === undefined) return [`${path}${name}: is new, ${textOfType(now as StoredType)}`];
    if (now === undefined) return [`${path}${name}: is gone, was ${textOfType(old)}`];
    if (isRecord(old) && isRecord(now))
      return differences(old.fields, now.fields, `${path}${name}.`);
    return textOfType(old) === textOfType(now)
      ? []
      : [`${path}${name}: was ${textOfType(old)}, is now ${textOfType(now)}`];
  });
}

type StoredRecordType = Extract<StoredType, { fields: StoredSchema }>;

const isRecord = (type: StoredType): type is StoredRecordType => 'fields' in type;
