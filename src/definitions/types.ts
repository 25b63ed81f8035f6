import type { HashedPassword } from '../shared/password';

declare const VALUE: unique symbol;

/** The type of a field, of a list's elements, of an event. `T` is what it holds in TypeScript. */
export interface Type<T = unknown> {
  readonly kind: TypeKind;
  /** Only there for inference. */
  readonly [VALUE]?: T;
}

export const KINDS = [
  ...(['String', 'Int', 'Bool', 'Float', 'Password', 'Date', 'UUID'] as const),
  ...(['Dict', 'List', 'Record', 'Optional'] as const),
] as const;

export type TypeKind = (typeof KINDS)[number];

export interface DictType<T = unknown> extends Type<Record<string, T>> {
  readonly kind: 'Dict';
  readonly of: Type<T>;
}

export interface ListType<T = unknown> extends Type<T[]> {
  readonly kind: 'List';
  readonly of: Type<T>;
}

export interface RecordType<F extends Fields = Fields> extends Type<ValueOfFields<F>> {
  readonly kind: 'Record';
  readonly fields: F;
}

export interface OptionalType<T = unknown> extends Type<T | null | undefined> {
  readonly kind: 'Optional';
  readonly of: Type<T>;
}

export type AnyType = Type | DictType | ListType | RecordType | OptionalType;

/** Field name → type. */
export type Fields = Readonly<Record<string, Type>>;

/** The TypeScript type that a `t` type stands for. */
export type ValueOf<T> = T extends Type<infer V> ? V : never;

type OptionalNames<F> = { [K in keyof F]: F[K] extends OptionalType ? K : never }[keyof F];

/** The TypeScript type of a record with these fields; `t.optional` fields may be left out. */
export type ValueOfFields<F extends Fields> = {
  -readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueOf<F[K]>;
} & { -readonly [K in OptionalNames<F>]?: ValueOf<F[K]> };

const scalar = <T>(kind: TypeKind): Type<T> => Object.freeze({ kind });

/**
 * The types of fields and events.
 *
 * | type | in TypeScript | stored in MongoDB as |
 * |---|---|---|
 * | `t.String` | string | string |
 * | `t.Int` | number, a safe integer | long |
 * | `t.Float` | number, finite | double |
 * | `t.Bool` | boolean | bool |
 * | `t.Date` | Date | date |
 * | `t.UUID` | string | binary, subtype 4 |
 * | `t.Password` | HashedPassword, opaque | argon2id text |
 * | `t.List(x)` | array | array |
 * | `t.Dict(x)` | object without prototype, any keys | array of `{ k, v }` |
 * | `t.Record({…})` | object with these fields | document |
 * | `t.optional(x)` | x, null, or absent | as x, null, or absent |
 *
 * @example
 * const Users = datastore('Users', { name: t.String, age: t.Int, pets: t.List(t.String), nick: t.optional(t.String) });
 */
export const t = Object.freeze({
  String: scalar<string>('String'),
  Int: scalar<number>('Int'),
  Bool: scalar<boolean>('Bool'),
  Float: scalar<number>('Float'),
  Password: scalar<HashedPassword>('Password'),
  Date: scalar<Date>('Date'),
  UUID: scalar<string>('UUID'),
  /** An object with any keys, and values of one type. */
  Dict: <T>(of: Type<T>): DictType<T> => Object.freeze({ kind: 'Dict', of }),
  /** A list whose elements have one type. */
  List: <T>(of: Type<T>): ListType<T> => Object.freeze({ kind: 'List', of }),
  /** An object with these fields. */
  Record: <F extends Fields>(fields: F): RecordType<F> =>
    Object.freeze({ kind: 'Record', fields: Object.freeze({ ...fields }) }),
  /** What may be null, or absent. */
  optional: <T>(of: Type<T>): OptionalType<T> => Object.freeze({ kind: 'Optional', of }),
});

/** A type as one word, as `DB.schema` shows it: `'String'`, `'List<Int>'`, `'Optional<Date>'`. */
export function nameOfType(type: Type): string {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Dict':
    case 'List':
    case 'Optional':
      return `${any.kind}<${nameOfType((any as ListType).of)}>`;
    default:
      return any.kind;
  }
}

/** A type, also one that was stored. */
interface TypeShape {
  readonly kind: string;
  readonly of?: TypeShape;
  readonly fields?: Readonly<Record<string, TypeShape>>;
}

/** A type as `nameOfType` has it, with the fields of a Record. */
export function textOfType({ kind, of, fields }: TypeShape): string {
  if (fields !== undefined) {
    const texts = Object.entries(fields).map(([name, type]) => `${name}: ${textOfType(type)}`);
    return `Record<{ ${texts.join(', ')} }>`;
  }
  return of === undefined ? kind : `${kind}<${textOfType(of)}>`;
}
