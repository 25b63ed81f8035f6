/**
 * Case mapping. MongoDB maps ASCII letters only, JavaScript all of Unicode. Compared with a constant it is exact all
 * the same: every other character whose mapping shares one with the constant is replaced first (facts/queries.md §4).
 */
import type { Typed, TypedOp } from '../typed';
import { type Expression, literalText, or } from './build';
import { type Compiled, type Compiler } from './compiled';

type Direction = 'lower' | 'upper';

const map = (direction: Direction, text: string): string =>
  direction === 'lower' ? text.toLowerCase() : text.toUpperCase();

/** For each character: the others, beyond ASCII, whose mapping holds it. */
type Sources = ReadonlyMap<string, readonly string[]>;

const sources: Partial<Record<Direction, Sources>> = {};

/** Asks JavaScript itself, once, so that both always know the same version of Unicode. */
export function sourcesOf(direction: Direction): Sources {
  return (sources[direction] ??= findSources(direction));
}

function findSources(direction: Direction): Sources {
  const found = new Map<string, string[]>();
  for (let point = 0x80; point <= 0x10ffff; point++) {
    if (point === 0xd800) point = 0xe000;
    const source = String.fromCodePoint(point);
    const mapped = map(direction, source);
    if (mapped === source) continue;
    for (const c of new Set(mapped)) found.set(c, [...(found.get(c) ?? []), source]);
  }
  return found;
}

/** Greek capital sigma, whose small form depends on its place in the word. */
const SIGMA = 'Σ';
const SMALL_SIGMAS = /[σς]/;

export function isMapped(direction: Direction, text: string): boolean {
  return Array.from(text).every((c) => map(direction, c) === c);
}

const caseOf = (node: Typed): (TypedOp & { op: Direction }) | undefined =>
  node.k === 'op' && (node.op === 'lower' || node.op === 'upper')
    ? (node as TypedOp & { op: Direction })
    : undefined;

/**
 * `node`, if it is `x.toLowerCase()` or `x.toUpperCase()`, for comparison with `text` only. Its `v` is `false` if no
 * such text can hold `text`.
 */
export function caseAgainst(node: Typed, text: string, c: Compiler): Compiled | undefined {
  const mapping = caseOf(node);
  if (mapping === undefined) return undefined;
  const direction = mapping.op;
  const x = c.text(mapping.args[0] as Typed);
  if (!isMapped(direction, text)) return { ...x, v: false };
  const replaced = new Set(
    Array.from(text).flatMap((char) => sourcesOf(direction).get(char) ?? []),
  );
  if (direction === 'lower') replaced.delete(SIGMA);
  const v = [...replaced].reduce<Expression>(
    (input, find) => ({
      $replaceAll: { input, find, replacement: map(direction, find) },
    }),
    x.v,
  );
  const unsure =
    direction === 'lower' && SMALL_SIGMAS.test(text)
      ? { $gte: [{ $indexOfCP: [x.v, literalText(SIGMA)] }, 0] }
      : false;
  return {
    ...x,
    v: asciiMapped(direction, v),
    unsure: or(x.unsure, unsure),
  };
}

/** `x.toLowerCase()` for any use: exact for ASCII. */
export function caseMapped(direction: Direction, x: Compiled): Compiled {
  const foreign = { $regexMatch: { input: { $concat: [x.v, ''] }, regex: '[^\\x{0}-\\x{7F}]' } };
  return { ...x, v: asciiMapped(direction, x.v), unsure: or(x.unsure, foreign) };
}

/**
 * Wrapped, because other operators fail directly over these (facts/queries.md §0.7). A copy goes in, because on
 * DocumentDB they change the text of a variable in place: `$$x` is in small letters from then on.
 */
function asciiMapped(direction: Direction, v: Expression): Expression {
  const copy = { $concat: [v, ''] };
  return { $concat: [direction === 'lower' ? { $toLower: copy } : { $toUpper: copy }, ''] };
}
