/** `some` and `every` as `$elemMatch`, where one element's answer can be asked with query operators alone. */
import type { Typed, TypedQuantifier } from '../typed';
import { leafOf } from './leaves';
import { ALL, and, isPlain, NONE, or, type Part, plain, toFilter } from './parts';
import { type Base, pathOf } from './positions';
import type { Operators } from './predicates';
import type { Asked } from './lists';

/** The part of `node` with that answer, within an element. */
export type PartOf = (node: Typed, want: boolean, base: Base) => Part | undefined;

const LIST = { $type: 4 };

export function askQuantifier(
  node: TypedQuantifier,
  base: Base,
  partOf: PartOf,
): Asked | undefined {
  const path = pathOf(node.list, base)?.path;
  // Where an element may throw, what counts is which comes first.
  if (path === undefined || node.body.throws) return undefined;
  const inner: Base = { k: 'elem', name: node.name };
  const found =
    node.list.type.of?.base === 'record'
      ? ofRecords(node, path, inner, partOf)
      : ofScalars(node, path, inner);
  if (found === undefined) return undefined;
  const { exists, existsNot } = found;
  return node.m === 'some'
    ? { yes: exists, no: excluded(path, exists) }
    : { yes: excluded(path, existsNot), no: existsNot };
}

interface Found {
  /** Some element's answer is true. */
  readonly exists: Part;
  /** Some element's answer is false. */
  readonly existsNot: Part;
}

function ofRecords(
  node: TypedQuantifier,
  path: string,
  inner: Base,
  partOf: PartOf,
): Found | undefined {
  const [yes, no] = [partOf(node.body, true, inner), partOf(node.body, false, inner)];
  if (yes === undefined || no === undefined || !isPlain(yes) || !isPlain(no)) return undefined;
  const exists = (part: Part): Part => {
    if (part.k === 'none') return NONE;
    if (part.k === 'all') return plain({ [`${path}.0`]: { $exists: true } }, false);
    return plain({ [path]: { $elemMatch: toFilter(part) } }, part.restricts);
  };
  return { exists: exists(yes), existsNot: exists(no) };
}

/** Within `$elemMatch` on plain values there is no `$or`: each alternative is an `$elemMatch` of its own. */
function ofScalars(node: TypedQuantifier, path: string, inner: Base): Found | undefined {
  const [yes, no] = [operatorsOf(node.body, true, inner), operatorsOf(node.body, false, inner)];
  if (yes === undefined || no === undefined) return undefined;
  const exists = (alternatives: readonly Operators[]): Part =>
    alternatives.map(($elemMatch) => plain({ [path]: { $elemMatch } }, true)).reduce(or, NONE);
  return { exists: exists(yes), existsNot: exists(no) };
}

const MAX_ALTERNATIVES = 50;

/** What `node` asks of the element itself: alternatives of operators that all hold. */
function operatorsOf(node: Typed, want: boolean, base: Base): readonly Operators[] | undefined {
  switch (node.k) {
    case 'not':
      return operatorsOf(node.e, !want, base);
    case 'and':
    case 'or': {
      const [a, b] = [operatorsOf(node.a, want, base), operatorsOf(node.b, want, base)];
      if (a === undefined || b === undefined) return undefined;
      return (node.k === 'and') === want ? bothOf(a, b) : [...a, ...b];
    }
    default:
      return leafOperators(node, want, base);
  }
}

function leafOperators(node: Typed, want: boolean, base: Base): readonly Operators[] | undefined {
  const leaf = leafOf(node, base);
  if (leaf?.position.k !== 'self') return undefined;
  const { yes, no } = leaf.answers;
  const predicate = want ? yes : no;
  const nullable = leaf.value.type.null;
  if (predicate === 'rest') {
    const [only] = yes.ops;
    return yes.ops.length === 1 && only !== undefined && '$in' in only
      ? [{ $nin: only['$in'] }]
      : undefined;
  }
  const ops = predicate.ops
    .filter((op) => nullable || op['$type'] !== 10)
    .map((op) => (op['$type'] === 10 && !('$not' in op) ? { $eq: null } : op));
  // An empty set of operators would be an empty `$elemMatch`.
  return ops.every((op) => Object.keys(op).length > 0 && !('$exists' in op)) ? ops : undefined;
}

function bothOf(
  a: readonly Operators[],
  b: readonly Operators[],
): readonly Operators[] | undefined {
  const merged: Operators[] = [];
  for (const x of a) {
    for (const y of b) {
      if (Object.keys(x).some((key) => key in y)) return undefined;
      merged.push({ ...x, ...y });
    }
  }
  return merged.length > MAX_ALTERNATIVES ? undefined : merged;
}

/** A list of which no element is as `exists` asks. */
function excluded(path: string, exists: Part): Part {
  const isList = plain({ [path]: LIST }, false);
  if (exists.k === 'none') return isList;
  const [filter] = exists.filters;
  const branches = (filter?.['$or'] as Record<string, unknown>[] | undefined) ?? [filter ?? {}];
  return branches
    .map((branch) => {
      const asked = branch[path] as Record<string, unknown> | undefined;
      // an element at place 0 is any element: only the empty list has none
      return asked === undefined
        ? plain({ [path]: { $size: 0 } }, true)
        : plain({ [path]: { ...LIST, $not: asked } }, false);
    })
    .reduce(and, ALL);
}
