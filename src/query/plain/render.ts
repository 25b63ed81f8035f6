/** A question about the value at a position, as a filter. */
import type { StaticType } from '../static-type';
import { ALL, and, type Filter, NONE, or, type Part, plain } from './parts';
import type { Position } from './positions';
import { type Answers, type Operators, type Predicate } from './predicates';

/** The records for which the answer is `want`. */
export function render(
  position: Position,
  type: StaticType,
  { yes, no }: Answers,
  want: boolean,
): Part {
  const { needs } = position;
  const holds = (predicate: Predicate): Part => predicatePart(position, type, predicate);
  const present = needs.map((need) => plain({ [need]: { $type: 3 } }, false)).reduce(and, ALL);
  if (want) return and(holds(yes), isPositive(yes) ? ALL : present);
  if (no !== 'rest') return and(holds(no), isPositive(no) ? ALL : present);
  const rest = exceptFor(holds(yes));
  const list = position.k === 'path' ? ALL : plain({ [position.path]: { $type: 4 } }, false);
  return and(and(rest, list), present);
}

function exceptFor(part: Part): Part {
  if (part.k === 'none') return ALL;
  if (part.k === 'all') return NONE;
  const [only] = part.filters;
  const branches = part.filters.length === 1 && Array.isArray(only?.['$or']) ? only['$or'] : [];
  const filters =
    branches.length > 0
      ? (branches as Filter[])
      : part.filters.length === 1
        ? [only]
        : [{ $and: part.filters }];
  return plain({ $nor: filters }, false);
}

function predicatePart(position: Position, type: StaticType, predicate: Predicate): Part {
  switch (position.k) {
    case 'path':
      return ofPath(position.path, type, predicate);
    case 'at':
      return ofElement(position.path, position.i, predicate);
    case 'entry':
      return ofEntry(position.path, position.key, predicate);
    case 'self':
      throw new Error('An element itself has operators, not a filter');
  }
}

const alternatives = (parts: readonly Part[]): Part => parts.reduce(or, NONE);

function ofPath(path: string, type: StaticType, { ops, missing }: Predicate): Part {
  const absent = missing && type.undef;
  const possible = ops.filter((op) => type.null || op['$type'] !== 10 || '$not' in op);
  // `{ f: null }` finds null and missing in one.
  const [nulls, others] = [possible.filter(isNull), possible.filter((op) => !isNull(op))];
  const both = absent && nulls.length > 0;
  const arms = both ? [...others, { $eq: null }] : possible;
  const covered = arms.some(coversMissing);
  const parts = arms.map((op) => {
    const exact = type.undef && !missing && coversMissing(op) ? { ...op, $exists: true } : op;
    if (Object.keys(exact).length > 0) return condition(path, exact);
    return type.undef && !missing ? condition(path, { $exists: true }) : ALL;
  });
  if (absent && !covered) parts.push(condition(path, { $exists: false }));
  return alternatives(parts);
}

const isNull = (op: Operators): boolean => op['$type'] === 10 && Object.keys(op).length === 1;

/** Whether MongoDB finds records without the field by it. */
function coversMissing(op: Operators): boolean {
  if ('$ne' in op) return op['$ne'] !== null && Object.keys(op).length === 1;
  if ('$nin' in op) return !(op['$nin'] as unknown[]).includes(null);
  if ('$eq' in op) return op['$eq'] === null;
  return Object.keys(op).join() === '$not' || Object.keys(op).length === 0;
}

/** Element `i` of a list of plain values. */
function ofElement(list: string, i: number, { ops, missing }: Predicate): Part {
  const path = `${list}.${i}`;
  const isList = plain({ [list]: { $type: 4 } }, false);
  const parts = ops.map((op): Part => {
    const found = condition(path, Object.keys(op).length > 0 ? op : { $exists: true });
    // the list's own index finds the value wherever it stands
    if ('$eq' in op && op['$eq'] !== null) return and(found, condition(list, op));
    if (isPositiveOperator(op)) return found;
    return and(isList, missing ? found : condition(path, { ...op, $exists: true }));
  });
  const absent = missing ? [and(isList, condition(path, { $exists: false }))] : [];
  return alternatives([...parts, ...absent]);
}

/** The value of a key of a Dict. */
function ofEntry(dict: string, key: string, { ops, missing }: Predicate): Part {
  const parts = ops.map((op): Part => {
    if (Object.keys(op).length === 0 || op['$exists'] === true)
      return plain({ [`${dict}.k`]: key }, true);
    return plain({ [dict]: { $elemMatch: { k: key, v: shortened(op) } } }, true);
  });
  const absent = missing
    ? [plain({ [dict]: { $type: 4 }, [`${dict}.k`]: { $ne: key } }, false)]
    : [];
  return alternatives([...parts, ...absent]);
}

const condition = (path: string, op: Operators): Part =>
  plain({ [path]: shortened(op) }, isPositiveOperator(op));

/** `{ f: 1 }` for `{ f: { $eq: 1 } }` */
function shortened(op: Operators): unknown {
  const [[name, value] = ['', undefined], ...others] = Object.entries(op);
  return name === '$eq' && others.length === 0 ? value : op;
}

const SELECTIVE = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$elemMatch']);

/** Finds few values, by an index, and none that is missing. */
export const isPositiveOperator = (op: Operators): boolean =>
  Object.entries(op).some(
    ([name, value]) =>
      (SELECTIVE.has(name) && value !== null) ||
      (name === '$type' && value === 10) ||
      (name === '$regex' && (value as string).startsWith('^')),
  );

const isPositive = ({ ops, missing }: Predicate): boolean =>
  !missing && ops.every((op) => isPositiveOperator(op) || '$regex' in op);
