/**
 * Small builders of aggregation expressions. None of them emits a condition that is constant: inside `$let`,
 * `$cond` and `$switch` with a constant condition come back unevaluated (facts/queries.md §0.6).
 */
import { Double, UUID } from 'mongodb';

/** An aggregation expression; `true` and `false` are known answers. */
export type Expression = unknown;

export const double = (n: number): Double => new Double(n);
export const NAN = double(Number.NaN);
/** Undefined: as if the field were missing. */
export const REMOVE = '$$REMOVE';

export function and(...parts: readonly Expression[]): Expression {
  const open = parts.filter((part) => part !== true);
  if (open.includes(false)) return false;
  return open.length > 1 ? { $and: open } : (open[0] ?? true);
}

export function or(...parts: readonly Expression[]): Expression {
  const open = parts.filter((part) => part !== false);
  if (open.includes(true)) return true;
  return open.length > 1 ? { $or: open } : (open[0] ?? false);
}

export const not = (x: Expression): Expression => (typeof x === 'boolean' ? !x : { $not: [x] });

export function cond(c: Expression, a: Expression, b: Expression): Expression {
  if (c === true) return a;
  if (c === false) return b;
  return { $cond: [c, a, b] };
}

/** `cond` of conditions. */
export function choose(c: Expression, a: Expression, b: Expression): Expression {
  if (a === b && typeof a === 'boolean') return a;
  if (b === true) return or(not(c), a);
  if (b === false) return and(c, a);
  return cond(c, a, b);
}

export function switchOn(
  branches: readonly (readonly [when: Expression, then: Expression])[],
  otherwise: Expression,
): Expression {
  const open = branches.filter(([when]) => when !== false);
  const certain = open.findIndex(([when]) => when === true);
  const before = certain < 0 ? open : open.slice(0, certain);
  const last = certain < 0 ? otherwise : open[certain]?.[1];
  if (before.length === 0) return last;
  return {
    $switch: { branches: before.map(([when, then]) => ({ case: when, then })), default: last },
  };
}

/** Names for `$let`, unique in one filter. */
export class Variables {
  #count = 0;

  /** `use` of `value`, which is evaluated once. */
  bind(value: Expression, use: (name: Expression) => Expression): Expression {
    if (isSimple(value)) return use(value);
    const name = `q${++this.#count}`;
    return { $let: { vars: { [name]: value }, in: use(`$$${name}`) } };
  }

  /** As `bind`, for where a path must follow: `$$name.k`. */
  bindPath(value: Expression, use: (path: string) => Expression): Expression {
    if (typeof value === 'string') return use(value);
    const name = `q${++this.#count}`;
    return { $let: { vars: { [name]: value }, in: use(`$$${name}`) } };
  }
}

const isSimple = (value: Expression): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  value instanceof Double ||
  value instanceof UUID ||
  (typeof value === 'object' && '$literal' in value);

export const literalText = (text: string): Expression => ({ $literal: text });

const typeIs =
  (name: string) =>
  (v: Expression): Expression => ({ $eq: [{ $type: v }, name] });

export const isText = typeIs('string');
export const isNull = typeIs('null');
export const isMissing = typeIs('missing');
export const isObject = typeIs('object');
export const isDateValue = typeIs('date');
export const isUuid = typeIs('binData');
export const isList = (v: Expression): Expression => ({ $isArray: v });
/** null or missing; exact, because nothing else sorts that low. */
export const isNullish = (v: Expression): Expression =>
  v === null || v === REMOVE
    ? true
    : v instanceof Double || typeof v === 'boolean'
      ? false
      : { $lte: [v, null] };

export const isNumber = (v: Expression): Expression => ({ $isNumber: v });
export const toDouble = (v: Expression): Expression => ({ $toDouble: v });

export const notNaN = (v: Expression): Expression =>
  v instanceof Double ? !Number.isNaN(v.value) : { $ne: [v, NAN] };
