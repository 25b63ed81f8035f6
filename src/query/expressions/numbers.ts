/** Arithmetic and Math. All on doubles: longs would count on where JavaScript rounds (facts/queries.md §4). */
import { Double } from 'mongodb';
import type { Typed } from '../typed';
import {
  and,
  cond,
  double,
  type Expression,
  isNullish,
  NAN,
  not,
  notNaN,
  or,
  switchOn,
} from './build';
import { type Compiled, alike, type CompileOp, type Compiler, isSolid } from './compiled';
import type { Op } from '../typed';

type Combine = (x: Expression, y: Expression, c: Compiler) => Expression;

const binary =
  (combine: Combine): CompileOp =>
  ([a, b], c) => {
    const [x, y] = [c.number(a as Typed), c.number(b as Typed)];
    return alike(
      [x, y],
      c.bind(x.v, (p) => c.bind(y.v, (q) => combine(p, q, c))),
    );
  };

const unary =
  (make: (x: Expression, c: Compiler) => Expression): CompileOp =>
  ([a], c) => {
    const x = c.number(a as Typed);
    return { ...x, v: make(x.v, c) };
  };

const negated = (x: Expression): Expression => ({ $multiply: [double(-1), x] });
const isZero = (x: Expression): Expression =>
  x instanceof Double ? x.value === 0 : { $eq: [x, double(0)] };

/** Not `$add`: it makes 0 of two negative zeros. */
const add = (x: Expression, y: Expression): Expression => ({ $subtract: [x, negated(y)] });

function divide(p: Expression, q: Expression): Expression {
  const negative = { $lt: [p, double(0)] };
  // The sign of a zero shows in the angle only.
  const negativeZero =
    q instanceof Double ? Object.is(q.value, -0) : { $gt: [{ $atan2: [double(0), q] }, double(1)] };
  const positive =
    typeof negativeZero === 'boolean'
      ? negativeZero
        ? negative
        : not(negative)
      : { $eq: [negative, negativeZero] };
  const byZero = switchOn(
    [
      [
        p instanceof Double
          ? p.value === 0 || Number.isNaN(p.value)
          : { $in: [p, [double(0), NAN]] },
        NAN,
      ],
    ],
    cond(
      p instanceof Double && typeof negativeZero === 'boolean'
        ? p.value < 0 === negativeZero
        : positive,
      double(Number.POSITIVE_INFINITY),
      double(Number.NEGATIVE_INFINITY),
    ),
  );
  return cond(not(isZero(q)), { $divide: [p, q] }, byZero);
}

const remainder = (p: Expression, q: Expression): Expression =>
  cond(isZero(q), NAN, { $mod: [p, q] });

function round(x: Expression, c: Compiler): Expression {
  return c.bind(x, (n) =>
    c.bind({ $floor: n }, (floor) =>
      cond(
        { $gte: [{ $subtract: [n, floor] }, double(0.5)] },
        cond({ $and: [{ $lt: [n, double(0)] }, { $gte: [n, double(-0.5)] }] }, double(-0), {
          $add: [floor, double(1)],
        }),
        floor,
      ),
    ),
  );
}

/** `$max` and `$min` skip NaN, and do not tell the zeros apart. */
const extreme =
  (operator: '$min' | '$max'): Combine =>
  (x, y) => {
    const zeros = and(isZero(x), isZero(y));
    const zero = operator === '$max' ? add(x, y) : negated({ $subtract: [negated(x), y] });
    const numbers = and(notNaN(x), notNaN(y));
    return cond(numbers, cond(zeros, zero, { [operator]: [x, y] }), NAN);
  };

/**
 * Only squares are the same everywhere; the last bit of other powers is not, so they are for JavaScript to tell.
 */
function power([a, b]: readonly Typed[], c: Compiler): Compiled {
  const [x, y] = [c.number(a as Typed), c.number(b as Typed)];
  if (y.v instanceof Double && y.v.value === 2)
    return alike(
      [x, y],
      c.bind(x.v, (p) => ({ $multiply: [p, p] })),
    );
  return alike([x, y], NAN, true);
}

export const numberOps: Partial<Record<Op, CompileOp>> = {
  add: binary(add),
  sub: binary((x, y) => ({ $subtract: [x, y] })),
  mul: binary((x, y) => ({ $multiply: [x, y] })),
  div: binary(divide),
  mod: binary(remainder),
  pow: power,
  neg: unary(negated),
  number: unary((x) => x),
  abs: unary((x) => ({ $abs: x })),
  floor: unary((x) => ({ $floor: x })),
  ceil: unary((x) => ({ $ceil: x })),
  round: unary(round),
  min: binary(extreme('$min')),
  max: binary(extreme('$max')),
};

const MAX_SAFE = 2 ** 53;

/**
 * The text that JavaScript makes of a number: exact for safe integers, NaN and the infinities. How many digits a
 * fraction shows differs, so those are for JavaScript to tell.
 */
export function textOfNumber(node: Typed, c: Compiler): Compiled {
  const raw = c.value(node);
  const { type } = node;
  const number = c.number(node);
  const isWhole = (x: Expression): Expression => ({
    $and: [{ $lt: [{ $abs: x }, double(MAX_SAFE)] }, { $eq: [{ $floor: x }, x] }],
  });
  const textOf = (x: Expression): Expression => {
    // A record that something else wrote may hold any number: it must not fail the query for all others.
    if (type.int === true)
      return { $toString: { $convert: { input: x, to: 'long', onError: double(0) } } };
    return switchOn(
      [
        [not(notNaN(x)), 'NaN'],
        [{ $eq: [x, double(Number.POSITIVE_INFINITY)] }, 'Infinity'],
        [{ $eq: [x, double(Number.NEGATIVE_INFINITY)] }, '-Infinity'],
      ],
      { $toString: { $toLong: { $cond: [isWhole(x), x, double(0)] } } },
    );
  };
  const isFraction = c.bind(number.v, (x) =>
    and(notNaN(x), { $lt: [{ $abs: x }, double(Number.POSITIVE_INFINITY)] }, not(isWhole(x))),
  );
  if (isSolid(node)) {
    return {
      ...raw,
      v: c.bind(number.v, textOf),
      unsure: or(raw.unsure, type.int === true ? false : isFraction),
    };
  }
  const v = c.bind(raw.v, (r) =>
    switchOn(
      [
        [
          { $isNumber: r },
          c.bind(type.int === true ? { $cond: [{ $isNumber: r }, r, 0] } : number.v, textOf),
        ],
        [type.null ? { $eq: [{ $type: r }, 'null'] } : false, 'null'],
      ],
      'undefined',
    ),
  );
  return {
    ...raw,
    v,
    unsure: or(raw.unsure, type.int === true ? false : and(not(isNullish(raw.v)), isFraction)),
  };
}
