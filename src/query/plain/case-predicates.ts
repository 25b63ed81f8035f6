/**
 * `value.toLowerCase() === 'abc'` and its like as a regular expression of the characters that map to each of `abc`, with
 * ranges of the first ones beside it for an index (facts/queries.md §4).
 */
import { isMapped, sourcesOf } from '../expressions/cases';
import { classOf, type Range } from '../regex/ranges';
import type { Op } from '../typed';
import { behindPrefix } from '../text-order';
import { type Answers, type Operators, some } from './predicates';
import { ALWAYS, NEVER } from './text-predicates';

type Direction = 'lower' | 'upper';

const TEXT: Operators = { $type: 2 };
const MAX_RANGES = 16;

/** Undefined where one character maps to several, or its mapping depends on its place: an expression can tell then. */
export function caseIs(direction: Direction, how: 'is' | Op, c: string): Answers | undefined {
  if (!isMapped(direction, c)) return NEVER;
  if (c === '') return how === 'is' ? { yes: some({ $eq: '' }), no: some({ $gt: '' }) } : ALWAYS;
  const sources = Array.from(c, (char) => charactersFor(direction, char));
  if (!sources.every((source) => source !== undefined)) return undefined;
  const body = sources.map((source) => classOf(source.map(rangeOf))).join('');
  const start = how === 'is' || how === 'startsWith' ? '^' : '';
  const end = how === 'is' || how === 'endsWith' ? '\\z' : '';
  const $regex = `${start}${body}${end}`;
  const yes =
    start === '' ? [{ $regex }] : prefixRanges(sources).map((range) => ({ ...range, $regex }));
  return { yes: some(...yes), no: some({ ...TEXT, $not: { $regex } }) };
}

const rangeOf = (char: string): Range => {
  const point = char.codePointAt(0) as number;
  return [point, point];
};

/** All characters that map to `char` alone; undefined if part of another mapping is `char`. */
function charactersFor(direction: Direction, char: string): readonly string[] | undefined {
  const map = (text: string): string =>
    direction === 'lower' ? text.toLowerCase() : text.toUpperCase();
  const foreign = sourcesOf(direction).get(char) ?? [];
  if (foreign.some((source) => map(source) !== char || source === 'Σ')) return undefined;
  const ascii = direction === 'lower' ? char.toUpperCase() : char.toLowerCase();
  const other = ascii !== char && ascii.length === 1 && ascii < '\u0080' ? [ascii] : [];
  return [...new Set([char, ...other, ...foreign])];
}

/** Ranges of the texts that begin with a variant of the first characters: few enough for an index to look up. */
function prefixRanges(sources: readonly (readonly string[])[]): Operators[] {
  let prefixes = [''];
  for (const source of sources) {
    const longer = prefixes.flatMap((prefix) => source.map((char) => prefix + char));
    if (longer.length > MAX_RANGES) break;
    prefixes = longer;
  }
  return prefixes.map((prefix) => {
    const end = behindPrefix(prefix);
    return end === undefined ? { $gte: prefix } : { $gte: prefix, $lt: end };
  });
}
