/** `===`, `<` and its like, `== null`. */
import { isNullable } from '../static-type';
import type { Op, Typed } from '../typed';
import { rangesAbove, rangesBelow, type TextRange } from '../text-order';
import {
  and,
  type Expression,
  isMissing,
  isNull,
  isNullish,
  isText,
  isUuid,
  literalText,
  notNaN,
  or,
  switchOn,
} from './build';
import { caseAgainst } from './cases';
import { type Compiled, alike, type CompileOp, type Compiler } from './compiled';

type Relation = 'lt' | 'le' | 'gt' | 'ge';

const OPERATORS = { lt: '$lt', le: '$lte', gt: '$gt', ge: '$gte' } as const;
const FLIPPED = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

export const RELATIONS: Readonly<Record<Relation, (a: unknown, b: unknown) => boolean>> = {
  lt: (a, b) => (a as number) < (b as number),
  le: (a, b) => (a as number) <= (b as number),
  gt: (a, b) => (a as number) > (b as number),
  ge: (a, b) => (a as number) >= (b as number),
};

function equal([left, right]: readonly Typed[], c: Compiler): Compiled {
  const [a, b] = [left as Typed, right as Typed];
  for (const [constant, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (constant.k !== 'const') continue;
    if (constant.v == null) {
      const x = c.value(other);
      if (x.v === null || x.v === '$$REMOVE')
        return { ...x, v: (x.v === null) === (constant.v === null) };
      return { ...x, v: constant.v === null ? isNull(x.v) : isMissing(x.v) };
    }
    if (typeof constant.v === 'string') {
      const mapped = caseAgainst(other, constant.v, c);
      if (mapped !== undefined)
        return {
          ...mapped,
          v: mapped.v === false ? false : { $eq: [mapped.v, literalText(constant.v)] },
        };
    }
  }
  const [x, y] = [c.value(a), c.value(b)];
  const numbers = a.type.base === 'num' && b.type.base === 'num';
  const v = c.bind(x.v, (p) =>
    c.bind(y.v, (q) => and(numbers ? comparable(p, q) : true, { $eq: [p, q] })),
  );
  return alike([x, y], v);
}

/** NaN equals nothing in JavaScript, itself in MongoDB: it is enough that one side is none. */
const comparable = (p: Expression, q: Expression): Expression =>
  notNaN(q) === true ? true : notNaN(p);

const relation =
  (op: Relation): CompileOp =>
  ([left, right], c) => {
    const [a, b] = [left as Typed, right as Typed];
    const bases = [a.type.base, b.type.base];
    if (bases.includes('uuid')) return relateOf(op, a, b, c, isUuid, () => false);
    if (!bases.includes('str')) return relateNumbers(op, a, b, c);
    if (b.k === 'const') return relateToText(op, a, b.v as string, c);
    if (a.k === 'const') return relateToText(FLIPPED[op], b, a.v as string, c);
    // JavaScript takes a text beside null for a number: for JavaScript to tell.
    const compiled = relateOf(op, a, b, c, isText, (p, q) =>
      or(
        and(isText(p), isText(q), high(p), high(q)),
        and(isNull(p), isText(q)),
        and(isText(p), isNull(q)),
      ),
    );
    return compiled;
  };

function relateNumbers(op: Relation, a: Typed, b: Typed, c: Compiler): Compiled {
  const [x, y] = [c.number(a), c.number(b)];
  // NaN is less than all numbers in MongoDB.
  const v = c.bind(x.v, (p) =>
    c.bind(y.v, (q) =>
      and(notNaN(op === 'lt' || op === 'le' ? p : q), { [OPERATORS[op]]: [p, q] }),
    ),
  );
  return alike([x, y], v);
}

/** Two values of one kind, or two nulls, which count as zeros. */
function relateOf(
  op: Relation,
  a: Typed,
  b: Typed,
  c: Compiler,
  fits: (v: Expression) => Expression,
  unsure: (p: Expression, q: Expression) => Expression,
): Compiled {
  const [x, y] = [c.value(a), c.value(b)];
  const nulls = a.type.null && b.type.null && (op === 'le' || op === 'ge');
  const both = (use: (p: Expression, q: Expression) => Expression): Expression =>
    c.bind(x.v, (p) => c.bind(y.v, (q) => use(p, q)));
  const fit = (node: Typed, v: Expression): Expression => (node.k === 'const' ? true : fits(v));
  const v = both((p, q) =>
    switchOn(
      [
        [and(fit(a, p), fit(b, q)), { [OPERATORS[op]]: [p, q] }],
        [nulls && and(isNull(p), isNull(q)), true],
      ],
      false,
    ),
  );
  const doubt = fits === isUuid ? false : both(unsure);
  return alike([x, y], v, doubt);
}

/** Whether a text has a character that the two orders may place differently. */
const high = (v: Expression): Expression => ({
  $regexMatch: {
    input: { $cond: [isText(v), { $concat: [v, ''] }, ''] },
    regex: '[\\x{E000}-\\x{10FFFF}]',
  },
});

function relateToText(op: Relation, node: Typed, text: string, c: Compiler): Compiled {
  const x = c.value(node);
  const ranges =
    op === 'lt' || op === 'le' ? rangesBelow(text, op === 'le') : rangesAbove(text, op === 'ge');
  const v = c.bind(x.v, (p) =>
    switchOn(
      [[isText(p), or(...ranges.map((range) => inRange(p, range)))]],
      node.type.null && RELATIONS[op](null, text) ? isNull(p) : false,
    ),
  );
  return { ...x, v };
}

const inRange = (p: Expression, { from, fromIncluded, to, toIncluded }: TextRange): Expression =>
  and(
    from === undefined || { [fromIncluded === true ? '$gte' : '$gt']: [p, literalText(from)] },
    to === undefined || { [toIncluded === true ? '$lte' : '$lt']: [p, literalText(to)] },
  );

function nullish([node]: readonly Typed[], c: Compiler): Compiled {
  const x = c.value(node as Typed);
  return { ...x, v: isNullable((node as Typed).type) && isNullish(x.v) };
}

export const comparisonOps: Partial<Record<Op, CompileOp>> = {
  eq: equal,
  lt: relation('lt'),
  le: relation('le'),
  gt: relation('gt'),
  ge: relation('ge'),
  nullish,
};
