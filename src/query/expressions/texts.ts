/** Methods of texts. MongoDB counts code points, JavaScript UTF-16 units (facts/queries.md §4). */
import type { Op, Typed } from '../typed';
import { and, type Expression, isNull, isText, literalText, switchOn, toDouble } from './build';
import { caseAgainst, caseMapped } from './cases';
import { type Compiled, alike, type CompileOp, type Compiler, isSolid } from './compiled';
import { textOfNumber } from './numbers';

/** What JavaScript calls white space, which MongoDB's own set is not. */
const WHITE_SPACE =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

const ASTRAL = '[\\x{10000}-\\x{10FFFF}]';
const astrals = (input: Expression): Expression => ({
  $size: { $regexFindAll: { input, regex: ASTRAL } },
});
const hasAstral = (input: Expression): Expression => ({
  $regexMatch: { input, regex: ASTRAL },
});

const onText =
  (make: (s: Expression, c: Compiler, args: readonly Typed[]) => Expression): CompileOp =>
  ([node, ...args], c) => {
    const x = c.text(node as Typed);
    return { ...x, v: c.bind(x.v, (s) => make(s, c, args)) };
  };

/** What JavaScript makes of a value where it needs a text. */
export function asText(node: Typed, c: Compiler): Compiled {
  if (node.type.base === 'num') return textOfNumber(node, c);
  const x = c.value(node);
  if (node.type.base === 'bool' && typeof x.v === 'boolean') return { ...x, v: String(x.v) };
  if (node.type.base === 'str' && isSolid(node)) return x;
  const v = c.bind(x.v, (s) =>
    switchOn(
      [
        node.type.base === 'bool' ? [{ $eq: [s, true] }, 'true'] : [isText(s), s],
        [node.type.base === 'bool' && { $eq: [s, false] }, 'false'],
        [isNull(s), 'null'],
      ],
      'undefined',
    ),
  );
  return { ...x, v };
}

const length: CompileOp = onText((s) => toDouble({ $add: [{ $strLenCP: s }, astrals(s)] }));

const trim = (operator: '$trim' | '$ltrim' | '$rtrim'): CompileOp =>
  onText((input) => ({ [operator]: { input, chars: WHITE_SPACE } }));

/** Is `needle` in, at the start of, at the end of the text? */
const search =
  (found: (s: Expression, needle: Expression, c: Compiler) => Expression): CompileOp =>
  ([node, sought], c) => {
    const [text, needle] = [node as Typed, sought as Typed];
    const mapped =
      needle.k === 'const' && typeof needle.v === 'string'
        ? caseAgainst(text, needle.v, c)
        : undefined;
    if (mapped?.v === false) return { ...mapped, v: false };
    const [x, y] = [mapped ?? c.text(text), asText(needle, c)];
    return alike(
      [x, y],
      c.bind(x.v, (s) => c.bind(y.v, (n) => found(s, n, c))),
    );
  };

const includes = (s: Expression, needle: Expression): Expression => ({
  $gte: [{ $indexOfCP: [s, needle] }, 0],
});

const startsWith = (s: Expression, needle: Expression): Expression => ({
  $eq: [{ $indexOfCP: [s, needle] }, 0],
});

function endsWith(s: Expression, needle: Expression, c: Compiler): Expression {
  const rest = { $subtract: [{ $strLenCP: s }, { $strLenCP: needle }] };
  return c.bind(rest, (from) => {
    const start = { $cond: [{ $gte: [from, 0] }, from, 0] };
    return and(
      { $gte: [from, 0] },
      { $eq: [{ $substrCP: [s, start, { $strLenCP: needle }] }, needle] },
    );
  });
}

function indexOf([node, sought]: readonly Typed[], c: Compiler): Compiled {
  const [x, y] = [c.text(node as Typed), asText(sought as Typed, c)];
  const v = c.bind(x.v, (s) =>
    c.bind({ $indexOfCP: [s, y.v] }, (i) =>
      toDouble({
        $cond: [
          { $lte: [i, 0] },
          i,
          { $add: [i, astrals({ $substrCP: [s, 0, { $cond: [{ $gte: [i, 0] }, i, 0] }] })] },
        ],
      }),
    ),
  );
  return alike([x, y], v);
}

function replaceAll([node, from, to]: readonly Typed[], c: Compiler): Compiled {
  const x = c.text(node as Typed);
  const find = (from as Typed & { v: string }).v;
  const by = (to as Typed & { v: string }).v.replace(/\$([$&])/g, (_, sign) =>
    sign === '$' ? '$' : find,
  );
  const replaced = {
    $replaceAll: { input: x.v, find: literalText(find), replacement: literalText(by) },
  };
  return { ...x, v: { $concat: [replaced, ''] } };
}

/** Exact for texts of which every character is one unit; a slice may cut others in halves. */
function slice([node, ...ends]: readonly Typed[], c: Compiler): Compiled {
  const x = c.text(node as Typed);
  const [from, to] = ends.map((end) => wholeNumber((end as Typed & { v: unknown }).v));
  const position = (n: number, length: Expression): Expression =>
    n < 0 ? { $max: [{ $add: [length, n] }, 0] } : { $min: [n, length] };
  const v = c.bind(x.v, (s) =>
    c.bind({ $strLenCP: s }, (length) =>
      c.bind(position(from ?? 0, length), (start) => {
        const end = to === undefined ? length : position(to, length);
        return { $substrCP: [s, start, { $max: [{ $subtract: [end, start] }, 0] }] };
      }),
    ),
  );
  return alike([x], v, c.bind(x.v, hasAstral));
}

const MAX_LENGTH = 2 ** 30;

/** An argument of `slice` as JavaScript reads it; undefined is left out. */
export function wholeNumber(v: unknown): number | undefined {
  if (v === undefined) return undefined;
  const n = Math.trunc(Number(v));
  return Number.isNaN(n) ? 0 : Math.max(-MAX_LENGTH, Math.min(MAX_LENGTH, n)) + 0;
}

function reverse([node]: readonly Typed[], c: Compiler): Compiled {
  const x = c.text(node as Typed);
  const v = c.bind(x.v, (s) => ({
    $reduce: {
      input: { $range: [0, { $strLenCP: s }] },
      initialValue: '',
      in: { $concat: [{ $substrCP: [s, '$$this', 1] }, '$$value'] },
    },
  }));
  return alike([x], v, c.bind(x.v, hasAstral));
}

function concat(parts: readonly Typed[], c: Compiler): Compiled {
  const texts = parts.map((part) => asText(part, c));
  return alike(texts, { $concat: [...texts.map(({ v }) => v), ''] });
}

export const textOps: Partial<Record<Op, CompileOp>> = {
  length,
  lower: ([node], c) => caseMapped('lower', c.text(node as Typed)),
  upper: ([node], c) => caseMapped('upper', c.text(node as Typed)),
  trim: trim('$trim'),
  trimStart: trim('$ltrim'),
  trimEnd: trim('$rtrim'),
  includes: search(includes),
  startsWith: search(startsWith),
  endsWith: search(endsWith),
  indexOf,
  replaceAll,
  slice,
  reverse,
  concat,
};
