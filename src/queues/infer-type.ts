import { complaintsAbout } from '../definitions/check-value';
import { t, type Type } from '../definitions/types';
import { isIdentifier } from '../shared/names';
import { HashedPassword } from '../shared/password';
import { isDate, isPlainObject } from '../shared/storable';

/** The type that all values seen have. `unknown` parts have none: the schema as a whole can then not be used. */
export type InferredType =
  | { readonly kind: 'scalar'; readonly name: ScalarName; readonly guessed?: true }
  | { readonly kind: 'list' | 'dict'; readonly of: InferredType }
  | { readonly kind: 'record'; readonly fields: readonly InferredField[] }
  | { readonly kind: 'unknown'; readonly seen: readonly string[] };

export interface InferredField {
  readonly name: string;
  readonly type: InferredType;
  readonly optional: boolean;
}

const SCALARS = ['String', 'Int', 'Float', 'Bool', 'Date', 'Password'] as const;
type ScalarName = (typeof SCALARS)[number];

/** What a place of which nothing but null, or an empty list, was seen is taken for. */
const GUESS: InferredType = { kind: 'scalar', name: 'String', guessed: true };

/** The narrowest type of `t` that accepts all of `values`. Never guesses beyond what was seen: a text that looks like a date is a text. */
export function inferType(values: readonly unknown[]): InferredType {
  const scalar = SCALARS.find((name) => values.every((value) => accepts(t[name], value)));
  if (scalar !== undefined) return { kind: 'scalar', name: scalar };
  if (values.every(isList)) {
    const elements = values.flatMap((list) => Array.from(list)); // holes are elements, of no type
    return { kind: 'list', of: elements.length === 0 ? GUESS : inferType(elements) };
  }
  if (values.every(isObject)) {
    const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
    if (names.every(isFieldName)) return inferRecord(names, values);
    if (!names.includes('__proto__') && names.every((name) => name.isWellFormed())) {
      return { kind: 'dict', of: inferType(values.flatMap((value) => Object.values(value))) };
    }
  }
  return { kind: 'unknown', seen: [...new Set(values.map(nameOfKind))] };
}

function inferRecord(
  names: readonly string[],
  values: readonly Record<string, unknown>[],
): InferredType {
  const fields = names.map((name): InferredField => {
    const members = values.map((value) => (Object.hasOwn(value, name) ? value[name] : undefined));
    const present = members.filter((member) => member != null);
    return {
      name,
      type: present.length === 0 ? GUESS : inferType(present),
      optional: present.length < members.length,
    };
  });
  return { kind: 'record', fields };
}

const accepts = (type: Type, value: unknown): boolean =>
  complaintsAbout(type, value, '').length === 0;

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !isDate(value) &&
  !(value instanceof HashedPassword) &&
  isPlainObject(value);

const isFieldName = (name: string): boolean => isIdentifier(name) && name !== '__proto__';

/** In TypeScript's words. */
function nameOfKind(value: unknown): string {
  if (value === null) return 'null';
  if (isList(value)) return 'list';
  if (typeof value !== 'object') return typeof value;
  return isObject(value) ? 'object' : Object.prototype.toString.call(value).slice(8, -1);
}

/** Whether `t` can say it. */
export function isTyped(type: InferredType): boolean {
  switch (type.kind) {
    case 'scalar':
      return true;
    case 'list':
    case 'dict':
      return isTyped(type.of);
    case 'record':
      return type.fields.every((field) => isTyped(field.type));
    case 'unknown':
      return false;
  }
}
