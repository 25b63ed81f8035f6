/** Where in a stored record the value of an expression stands, if it stands in one place. */
import { isNullable } from '../static-type';
import type { Typed } from '../typed';

/** What paths count from: the record, or an element of a list within `$elemMatch`. */
export type Base = { readonly k: 'record' } | { readonly k: 'elem'; readonly name: string };

export const RECORD: Base = { k: 'record' };

interface Path {
  readonly path: string;
  /** Records that must be there for JavaScript not to throw. */
  readonly needs: readonly string[];
}

export type Position = Path &
  (
    | { readonly k: 'path' }
    /** The element itself, within `$elemMatch`. */
    | { readonly k: 'self' }
    /** Element `i` of the list at `path`. */
    | { readonly k: 'at'; readonly i: number }
    /** The entry `key` of the Dict at `path`. */
    | { readonly k: 'entry'; readonly key: string }
  );

const MAX_INDEX = 2 ** 31 - 1;
const SCALARS = new Set(['num', 'str', 'bool', 'date', 'uuid']);

export function positionOf(node: Typed, base: Base): Position | undefined {
  if (node.k === 'op' && SCALARS.has(node.type.base)) {
    const [owner, key] = node.args;
    const list = owner && pathOf(owner, base);
    if (list === undefined || key?.k !== 'const') return undefined;
    if (node.op === 'entry') return { k: 'entry', ...list, key: String(key.v) };
    const i = key.v as number;
    const counts = Number.isInteger(i) && i >= 0 && i <= MAX_INDEX;
    return node.op === 'at' && counts ? { k: 'at', ...list, i } : undefined;
  }
  if (node.k === 'elem')
    return base.k === 'elem' && base.name === node.name
      ? { k: 'self', path: '', needs: [] }
      : undefined;
  const path = pathOf(node, base);
  return path && { k: 'path', ...path };
}

/** The path of a field of the record, or of a record in it. */
export function pathOf(node: Typed, base: Base): Path | undefined {
  if (node.k === 'safe') {
    const [guard, inner] = [pathOf(node.guard, base), pathOf(node.in, base)];
    if (guard === undefined || inner === undefined) return undefined;
    // Where the guard is nullish the path below it is missing, which is the undefined that `?.` gives.
    const needs = inner.needs.filter((need) => need !== guard.path);
    const covered = needs.every((need) => guard.needs.includes(need));
    return inner.path.startsWith(`${guard.path}.`) && covered
      ? { path: inner.path, needs }
      : undefined;
  }
  if (node.k !== 'field') return undefined;
  const { on, name } = node;
  if (on.k === 'record') return base.k === 'record' ? { path: `v.${name}`, needs: [] } : undefined;
  if (on.k === 'elem') {
    const own = base.k === 'elem' && base.name === on.name && !isNullable(on.type);
    return own ? { path: name, needs: [] } : undefined;
  }
  const owner = pathOf(on, base);
  if (owner === undefined) return undefined;
  const needs = isNullable(on.type) ? [...owner.needs, owner.path] : owner.needs;
  return { path: `${owner.path}.${name}`, needs };
}
