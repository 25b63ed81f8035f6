import { own } from '../shared/own';
import { isPlainObject } from '../shared/storable';
import type { AnyType, ListType, RecordType, Type, TypeKind } from './types';

/** What becomes of a value of a type that holds no others; `before` is what stood in its place. */
export type Leaf = (kind: TypeKind, value: unknown, before: unknown) => unknown;

/**
 * A value with each leaf replaced that has a place in the type. What does not fit stays as it is, for the type's check
 * to name.
 */
export function mapLeaves(type: Type, value: unknown, leaf: Leaf, before?: unknown): unknown {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Optional':
      return value === null ? null : mapLeaves((any as ListType).of, value, leaf, before);
    case 'List':
      return Array.isArray(value)
        ? value.map((each, i) =>
            mapLeaves((any as ListType).of, each, leaf, memberOf(before, String(i))),
          )
        : value;
    case 'Dict':
      return mapMembers(value, () => (any as ListType).of, leaf, before);
    case 'Record': {
      const { fields } = any as RecordType;
      return mapMembers(value, (name) => own(fields, name), leaf, before);
    }
    default:
      return leaf(any.kind, value, before);
  }
}

function mapMembers(
  value: unknown,
  typeOf: (name: string) => Type | undefined,
  leaf: Leaf,
  before: unknown,
): unknown {
  if (typeof value !== 'object' || value === null || !isPlainObject(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => {
    const type = typeOf(name);
    return [
      name,
      type === undefined ? each : mapLeaves(type, each, leaf, memberOf(before, name)),
    ] as const;
  });
  // fromEntries defines, so that a member named __proto__ is one like any other
  return Object.fromEntries(entries);
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? own(value as Record<string, unknown>, name)
    : undefined;
