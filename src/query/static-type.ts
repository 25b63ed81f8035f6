/** What is known of an expression's value before it is evaluated. */
import type {
  AnyType,
  DictType,
  Fields,
  ListType,
  OptionalType,
  RecordType,
  Type,
} from '../definitions/types';
import { isDate } from '../shared/storable';

/**
 * `nothing`: only null or undefined. `object`: a captured value of another kind. `mixed`: one of several, of use only as
 * a condition. `any`: a captured value that is not known yet, or an expression that always throws.
 */
export type Base =
  | 'num'
  | 'str'
  | 'bool'
  | 'date'
  | 'uuid'
  | 'password'
  | 'list'
  | 'dict'
  | 'record'
  | 'object'
  | 'mixed'
  | 'nothing'
  | 'any';

export interface StaticType {
  readonly base: Base;
  readonly null: boolean;
  readonly undef: boolean;
  /** Of numbers: a safe integer. */
  readonly int?: boolean;
  /** Of lists and Dicts: what they hold. */
  readonly of?: StaticType;
  /** Of records. */
  readonly fields?: Fields;
}

const solid = (base: Base): StaticType => ({ base, null: false, undef: false });

export const NUM = solid('num');
export const INT: StaticType = { ...NUM, int: true };
export const STR = solid('str');
export const BOOL = solid('bool');
export const DATE = solid('date');
export const ANY = solid('any');

export const isNullable = (type: StaticType): boolean => type.null || type.undef;

export const present = (type: StaticType): StaticType =>
  isNullable(type) ? { ...type, null: false, undef: false } : type;

export const orUndefined = (type: StaticType): StaticType =>
  type.undef ? type : { ...type, undef: true };

export function typeOfSchema(type: Type): StaticType {
  const any = type as AnyType;
  switch (any.kind) {
    case 'Int':
      return INT;
    case 'Float':
      return NUM;
    case 'String':
      return STR;
    case 'Bool':
      return BOOL;
    case 'Date':
      return DATE;
    case 'UUID':
      return solid('uuid');
    case 'Password':
      return solid('password');
    case 'List':
      return { ...solid('list'), of: elementType((any as ListType).of) };
    case 'Dict':
      return { ...solid('dict'), of: elementType((any as DictType).of) };
    case 'Record':
      return { ...solid('record'), fields: (any as RecordType).fields };
    case 'Optional':
      return { ...typeOfSchema((any as OptionalType).of), null: true, undef: true };
  }
}

/** MongoDB has no absent elements: an optional one is there, or null. */
function elementType(type: Type): StaticType {
  return { ...typeOfSchema(type), undef: false };
}

export function typeOfValue(value: unknown): StaticType {
  switch (typeof value) {
    case 'string':
      return STR;
    case 'boolean':
      return BOOL;
    case 'number':
      return Number.isSafeInteger(value) ? INT : NUM;
    case 'undefined':
      return { base: 'nothing', null: false, undef: true };
    case 'object':
      if (value === null) return { base: 'nothing', null: true, undef: false };
      if (Array.isArray(value)) return solid('list');
      return isDate(value) ? DATE : solid('object');
    default:
      return solid('object');
  }
}

/** The type of a value that is either an `a` or a `b`. */
export function union(a: StaticType, b: StaticType): StaticType {
  const nulls = { null: a.null || b.null, undef: a.undef || b.undef };
  if (a.base === 'nothing' || a.base === 'any') return { ...b, ...nulls };
  if (b.base === 'nothing' || b.base === 'any') return { ...a, ...nulls };
  const mixed: StaticType = { base: 'mixed', ...nulls };
  if (a.base !== b.base) return mixed;
  if (a.base === 'num') return { base: 'num', ...nulls, int: a.int === true && b.int === true };
  if (a.of === undefined && a.fields === undefined) return { ...a, ...nulls };
  return JSON.stringify([a.of, a.fields]) === JSON.stringify([b.of, b.fields])
    ? { ...a, ...nulls }
    : mixed;
}

const NAMES: Readonly<Record<Base, string>> = {
  num: 'a Number',
  str: 'a String',
  bool: 'a Bool',
  date: 'a Date',
  uuid: 'a UUID',
  password: 'a Password',
  list: 'a List',
  dict: 'a Dict',
  record: 'a Record',
  object: 'an object',
  mixed: 'of several types',
  nothing: 'null or undefined',
  any: 'an unknown value',
};

export const nameOfBase = ({ base }: StaticType): string => NAMES[base];
