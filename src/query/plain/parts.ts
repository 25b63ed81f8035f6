/** Filters as they are put together: plain conditions, and one `$expr` for the rest. */
import { and as andExpressions, type Expression, or as orExpressions } from '../expressions/build';

export type Filter = Readonly<Record<string, unknown>>;

export interface Part {
  readonly k: 'all' | 'none' | 'plain' | 'expression';
  /** Of `plain`: joined by `$and`. */
  readonly filters: readonly Filter[];
  /** Of `expression`, or beside plain filters; `true` if there is none. */
  readonly expression: Expression;
  /** Whether it finds records for which only JavaScript can tell. */
  readonly recheck: boolean;
  /** Whether it leaves most records of a store out, as far as one can tell from its form. */
  readonly restricts: boolean;
  /** How many conditions it holds. */
  readonly size: number;
}

const part = (k: Part['k'], more: Partial<Part>): Part => ({
  k,
  filters: [],
  expression: true,
  recheck: false,
  restricts: false,
  size: 1,
  ...more,
});

export const ALL = part('all', {});
export const NONE = part('none', { restricts: true });

export const plain = (filter: Filter, restricts: boolean): Part =>
  part('plain', { filters: [filter], restricts });

export function expression(e: Expression, recheck: boolean): Part {
  if (e === false) return NONE;
  if (e === true) return part('all', { recheck });
  return part('expression', { expression: e, recheck, restricts: true });
}

export const isPlain = (p: Part): boolean =>
  p.k !== 'expression' && p.expression === true && !p.recheck;

export function and(a: Part, b: Part): Part {
  if (a.k === 'none' || b.k === 'none') return NONE;
  const recheck = a.recheck || b.recheck;
  if (a.k === 'all') return { ...b, recheck };
  if (b.k === 'all') return { ...a, recheck };
  return part(a.k === 'expression' && b.k === 'expression' ? 'expression' : 'plain', {
    filters: [...a.filters, ...b.filters],
    expression: andExpressions(
      ...alternatives(a.expression, '$and'),
      ...alternatives(b.expression, '$and'),
    ),
    recheck,
    restricts: a.restricts || b.restricts,
    size: a.size + b.size,
  });
}

export function or(a: Part, b: Part): Part {
  if (a.k === 'none') return b;
  if (b.k === 'none') return a;
  const recheck = a.recheck || b.recheck;
  if (a.k === 'all' || b.k === 'all') {
    const certain = (a.k === 'all' && !a.recheck) || (b.k === 'all' && !b.recheck);
    return part('all', { recheck: !certain });
  }
  const size = a.size + b.size;
  const restricts = a.restricts && b.restricts;
  if (a.k === 'expression' && b.k === 'expression') {
    const e = orExpressions(
      ...alternatives(a.expression, '$or'),
      ...alternatives(b.expression, '$or'),
    );
    return part('expression', { expression: e, recheck, restricts, size });
  }
  const branches = mergeEqual([...branchesOf(a), ...branchesOf(b)]);
  const [only] = branches;
  const filter = branches.length === 1 && only !== undefined ? only : { $or: branches };
  return part('plain', {
    filters: [filter],
    recheck,
    restricts,
    size: branches.length === 1 ? 1 : size,
  });
}

const alternatives = (e: Expression, operator: '$and' | '$or'): readonly Expression[] => {
  const inner = (e as Record<string, unknown> | null)?.[operator];
  return Array.isArray(inner) ? (inner as Expression[]) : [e];
};

const branchesOf = (p: Part): readonly Filter[] => {
  const filter = toFilter(p);
  return Object.keys(filter).length === 1 && Array.isArray(filter['$or'])
    ? (filter['$or'] as Filter[])
    : [filter];
};

/** `f === 1 || f === 2` is one look-up: `{ f: { $in: [1, 2] } }`. */
function mergeEqual(branches: readonly Filter[]): Filter[] {
  const merged: Filter[] = [];
  const places = new Map<string, number>();
  for (const branch of branches) {
    const found = soleValues(branch);
    const place = found && places.get(found.path);
    if (found === undefined) {
      merged.push(branch);
    } else if (place === undefined) {
      places.set(found.path, merged.length);
      merged.push(branch);
    } else {
      const before = soleValues(merged[place] as Filter)?.values ?? [];
      merged[place] = { [found.path]: { $in: [...before, ...found.values] } };
    }
  }
  return merged;
}

/** The values that a branch of one equality, or `$in`, asks for. */
function soleValues(branch: Filter): { path: string; values: readonly unknown[] } | undefined {
  const [[path, condition] = ['', undefined], ...others] = Object.entries(branch);
  if (others.length > 0 || path === '' || path.startsWith('$')) return undefined;
  if (!isOperators(condition)) return { path, values: [condition] };
  const { $in, ...rest } = condition;
  return Array.isArray($in) && Object.keys(rest).length === 0 ? { path, values: $in } : undefined;
}

export const isOperators = (condition: unknown): condition is Record<string, unknown> =>
  typeof condition === 'object' &&
  condition !== null &&
  Object.keys(condition).some((key) => key.startsWith('$'));

export function toFilter({ k, filters, expression: e }: Part): Filter {
  if (k === 'all') return {};
  if (k === 'none') return { _id: { $in: [] } };
  const all = e === true ? filters : [...filters, { $expr: e }];
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : { $and: all };
}
