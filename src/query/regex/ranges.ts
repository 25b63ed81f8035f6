/** Sets of characters as sorted ranges, and JavaScript's rule for the flag `i`. */

export type Range = readonly [from: number, to: number];

const LAST_POINT = 0x10ffff;

export function union(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  return sorted.reduce<[number, number][]>((done, [from, to]) => {
    const last = done.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else done.push([from, to]);
    return done;
  }, []);
}

export function complement(ranges: readonly Range[], last = LAST_POINT): Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const [from, to] of union(ranges)) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) gaps.push([next, last]);
  return gaps;
}

const includes = (ranges: readonly Range[], point: number): boolean =>
  ranges.some(([from, to]) => from <= point && point <= to);

/** Adds what the flag `i`, without `u`, takes for the same. */
export function withBothCases(ranges: readonly Range[]): Range[] {
  const more = caseGroups()
    .filter((group) => group.some((unit) => includes(ranges, unit)))
    .flatMap((group) => group.map((unit): Range => [unit, unit]));
  return union([...ranges, ...more]);
}

let groups: readonly (readonly number[])[] | undefined;

/** The units that have the same capital, as JavaScript's regular expressions see it. */
function caseGroups(): readonly (readonly number[])[] {
  if (groups !== undefined) return groups;
  const byCapital = new Map<number, number[]>();
  for (let unit = 0; unit <= 0xffff; unit++) {
    const capital = canonical(unit);
    byCapital.set(capital, [...(byCapital.get(capital) ?? []), unit]);
  }
  groups = [...byCapital.values()].filter((group) => group.length > 1);
  return groups;
}

function canonical(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const capital = upper.charCodeAt(0);
  return unit >= 128 && capital < 128 ? unit : capital;
}

const hex = (point: number): string => `\\x{${point.toString(16).toUpperCase()}}`;

/** The set as a PCRE class. */
export function classOf(ranges: readonly Range[]): string {
  const normal = union(ranges);
  if (normal.length === 0) return '(?!)';
  const [only] = normal;
  if (normal.length === 1 && only !== undefined && only[0] === only[1]) return literal(only[0]);
  return `[${normal.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`)).join('')}]`;
}

/** A character that means itself. An escaped one costs an index its prefix, so letters and digits stand bare. */
export function literal(point: number): string {
  const c = String.fromCodePoint(point);
  return /[A-Za-z0-9]/.test(c) ? c : hex(point);
}

export const literalText = (text: string): string =>
  Array.from(text, (c) => literal(c.codePointAt(0) as number)).join('');
