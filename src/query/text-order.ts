/**
 * JavaScript orders texts by UTF-16 units, MongoDB by code points. The two differ only where one text has a character
 * from U+E000 to U+FFFF and the other one beyond U+FFFF; so "less than c" is a union of few ranges of code-point order
 * (facts/queries.md §3).
 */

/** Texts from `from` up to `to`, in code-point order; an absent end is open. */
export interface TextRange {
  readonly from?: string;
  readonly fromIncluded?: boolean;
  readonly to?: string;
  readonly toIncluded?: boolean;
}

const ABOVE_SURROGATES = '\ue000';
const FIRST_ASTRAL = '\u{10000}';
const LAST = 0x10ffff;

/** The first text, in code-point order, behind all that start with `prefix`; undefined if there is none. */
export function behindPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (c) => c.codePointAt(0) as number);
  while (points.length > 0) {
    const last = points.pop() as number;
    if (last === LAST) continue;
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

/** The texts that JavaScript sorts before `c`, or up to it. */
export function rangesBelow(c: string, including: boolean): TextRange[] {
  const ranges: TextRange[] = [];
  const add = (from: string | undefined, to: string | undefined, toIncluded = false): void => {
    const isEmpty =
      from !== undefined &&
      to !== undefined &&
      !isCodePointLess(from, to) &&
      !(toIncluded && from === to);
    if (isEmpty) return;
    ranges.push({
      ...(from === undefined ? {} : { from, fromIncluded: true }),
      ...(to === undefined ? {} : { to, toIncluded }),
    });
  };
  let prefix = '';
  let start: string | undefined;
  for (const x of c) {
    const point = x.codePointAt(0) as number;
    if (point >= 0xd800) {
      if (point <= 0xffff) {
        add(start, prefix + x); // characters below the surrogates, and U+E000 up to x
        add(prefix + FIRST_ASTRAL, behindPrefix(prefix));
      } else {
        add(start, prefix + ABOVE_SURROGATES);
        add(prefix + FIRST_ASTRAL, prefix + x);
      }
      start = prefix + x;
    }
    prefix += x;
  }
  add(start, c, including);
  return normalised(ranges);
}

/** The texts that JavaScript sorts from `c` on, or behind it. */
export const rangesAbove = (c: string, including: boolean): TextRange[] =>
  complement(rangesBelow(c, !including));

function isCodePointLess(a: string, b: string): boolean {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = (x[i] as string).codePointAt(0)! - (y[i] as string).codePointAt(0)!;
    if (difference !== 0) return difference < 0;
  }
  return x.length < y.length;
}

function normalised(ranges: readonly TextRange[]): TextRange[] {
  const sorted = [...ranges].sort((a, b) =>
    a.from === undefined ? -1 : b.from === undefined ? 1 : isCodePointLess(a.from, b.from) ? -1 : 1,
  );
  return sorted.reduce<TextRange[]>((done, range) => {
    const last = done.at(-1);
    if (last?.to !== undefined && last.to === range.from) {
      const { to, toIncluded } = range;
      const { from, fromIncluded } = last;
      const start = from === undefined ? {} : { from, fromIncluded: fromIncluded === true };
      const joined = {
        ...start,
        ...(to === undefined ? {} : { to, toIncluded: toIncluded === true }),
      };
      return [...done.slice(0, -1), joined];
    }
    return [...done, range];
  }, []);
}

function complement(ranges: readonly TextRange[]): TextRange[] {
  const gaps: TextRange[] = [];
  let start: { from?: string; fromIncluded?: boolean } | undefined = {};
  for (const { from, to, toIncluded } of ranges) {
    if (from !== undefined && start !== undefined)
      gaps.push({ ...start, to: from, toIncluded: false });
    start = to === undefined ? undefined : { from: to, fromIncluded: toIncluded !== true };
  }
  if (start !== undefined) gaps.push(start);
  return gaps;
}
