/**
 * What methods of texts ask of a stored text. Where there is none, JavaScript throws: no answer holds for null.
 */
import { wholeNumber } from '../expressions/texts';
import { literalText } from '../regex/ranges';
import type { StaticType } from '../static-type';
import { behindPrefix } from '../text-order';
import { type Answers, NULL, type Operators, type Predicate, some } from './predicates';

const TEXT: Operators = { $type: 2 };

export const ALWAYS: Answers = { yes: some(TEXT), no: some() };
export const NEVER: Answers = { yes: some(), no: some(TEXT) };

const opposite = ({ yes, no }: Answers): Answers => ({ yes: no as Predicate, no: yes });

const matching = (pattern: string): Answers => ({
  yes: some({ $regex: pattern }),
  no: some({ ...TEXT, $not: { $regex: pattern } }),
});

const isText = (c: string): Answers => ({
  yes: some({ $eq: c }),
  no: some({ ...TEXT, $ne: c }),
});

export function startsWith(c: string): Answers {
  if (c === '') return ALWAYS;
  const end = behindPrefix(c);
  const within = end === undefined ? { $gte: c } : { $gte: c, $lt: end };
  const behind = end === undefined ? [] : [{ $gte: end }];
  return { yes: some(within), no: some({ $lt: c }, ...behind) };
}

export const endsWith = (c: string): Answers =>
  c === '' ? ALWAYS : matching(`${literalText(c)}\\z`);

export const includes = (c: string): Answers => (c === '' ? ALWAYS : matching(literalText(c)));

/** `/…/.test(value)`: of null and undefined it tests the words. */
export function matches(pattern: string, test: RegExp): Answers {
  const { yes, no } = matching(pattern);
  const [nullMatches, missing] = [test.test('null'), test.test('undefined')];
  return {
    yes: { ops: nullMatches ? [...yes.ops, NULL] : yes.ops, missing },
    no: {
      ops: nullMatches ? (no as Predicate).ops : [...(no as Predicate).ops, NULL],
      missing: !missing,
    },
  };
}

/** A question about a length or an index: the answer for each number. */
export type Question = (n: number) => boolean;

/** Lengths that only tell the empty text from the others. */
export function lengthIs(question: Question, limit: number): Answers | undefined {
  const [none, one] = [question(0), question(1)];
  if (!isConstantFrom(1, question, limit)) return undefined;
  if (none === one) return none ? ALWAYS : NEVER;
  const empty: Answers = { yes: some({ $eq: '' }), no: some({ $gt: '' }) };
  return none ? empty : opposite(empty);
}

export function indexIs(question: Question, limit: number, c: string): Answers | undefined {
  const [absent, first] = [question(-1), question(0)];
  if (isConstantFrom(0, question, limit)) {
    if (absent === first) return absent ? ALWAYS : NEVER;
    return first ? includes(c) : opposite(includes(c));
  }
  const second = question(1);
  if (!isConstantFrom(1, question, limit) || absent !== second) return undefined;
  return first ? startsWith(c) : opposite(startsWith(c));
}

/** Whether all numbers from `start` on have the same answer: `limit` is where it may change. */
const isConstantFrom = (start: number, question: Question, limit: number): boolean => {
  const around = [Math.floor(limit) - 1, Math.floor(limit), Math.ceil(limit), Math.ceil(limit) + 1];
  const numbers = [
    start,
    Number.MAX_SAFE_INTEGER,
    ...around.filter((n) => n > start && Number.isFinite(n)),
  ];
  return numbers.every((n) => question(n) === question(start));
};

/** `value.slice(from, to) === c` */
export function sliceIs(from: unknown, to: unknown, c: string): Answers | undefined {
  const [start, end] = [wholeNumber(from) ?? 0, wholeNumber(to)];
  if (start === 0 && end === undefined) return isText(c);
  if (start === 0 && end !== undefined && end >= 0) return piece(end, c, startsWith);
  if (start < 0 && end === undefined) return piece(-start, c, endsWith);
  return undefined;
}

function piece(length: number, c: string, whole: (c: string) => Answers): Answers {
  if (c.length > length) return NEVER;
  return c.length === length ? whole(c) : isText(c);
}

const ASTRAL = /[\u{10000}-\u{10ffff}]/u;

/** `value.split('').reverse().join('') === c`: turning a character of two halves tears it apart. */
export const reverseIs = (c: string): Answers =>
  ASTRAL.test(c) ? NEVER : isText(Array.from(c).reverse().join(''));

/** `${value}` between `before` and `after` is `c`. */
export function templateIs(type: StaticType, before: string, after: string, c: string): Answers {
  const fits =
    c.startsWith(before) && c.endsWith(after) && c.length >= before.length + after.length;
  const is = (text: string): boolean => `${before}${text}${after}` === c;
  const inner = fits ? [{ $eq: c.slice(before.length, c.length - after.length) }] : [];
  const nulls = type.null && is('null') ? [NULL] : [];
  return { yes: { ops: [...inner, ...nulls], missing: is('undefined') }, no: 'rest' };
}
