/** Questions about lists and Dicts as a whole: what they hold, how long they are, which keys they have. */
import { UUID } from 'mongodb';
import { RELATIONS } from '../expressions/comparisons';
import type { Typed, TypedConst } from '../typed';
import { type Filter, NONE, type Part, plain } from './parts';
import { type Base, pathOf } from './positions';
import { FLIPPED, type Relation } from './predicates';

const LIST = { $type: 4 };

/** Both answers, or undefined if only an expression can ask. */
export interface Asked {
  readonly yes: Part;
  readonly no: Part;
}

export function askList(node: Typed, base: Base): Asked | undefined {
  if (node.k !== 'op') return undefined;
  const [a, b] = node.args;
  if (a === undefined || b === undefined) return undefined;
  switch (node.op) {
    case 'contains':
      return b.k === 'const' ? contains(a, b, base) : undefined;
    case 'has':
      return a.k === 'const' ? has(b, String(a.v), base) : undefined;
    case 'eq':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      if (b.k === 'const') return sized(node.op, a, b.v, base);
      if (a.k === 'const') return sized(node.op === 'eq' ? 'eq' : FLIPPED[node.op], b, a.v, base);
      return undefined;
    default:
      return undefined;
  }
}

/** `list.includes(c)` */
function contains(list: Typed, { v, type }: TypedConst, base: Base): Asked | undefined {
  const path = pathOf(list, base)?.path;
  if (path === undefined) return undefined;
  if (v === null) {
    const $elemMatch = { $eq: null };
    return {
      yes: plain({ [path]: { $elemMatch } }, true),
      no: plain({ [path]: { ...LIST, $not: { $elemMatch } } }, false),
    };
  }
  const c = type.base === 'uuid' ? new UUID(v as string) : v;
  return { yes: plain({ [path]: c }, true), no: plain({ [path]: { $ne: c, ...LIST } }, false) };
}

/** `key in dict` */
function has(dict: Typed, key: string, base: Base): Asked | undefined {
  const path = pathOf(dict, base)?.path;
  if (path === undefined) return undefined;
  return {
    yes: plain({ [`${path}.k`]: key }, true),
    no: plain({ [`${path}.k`]: { $ne: key }, [path]: LIST }, false),
  };
}

/** `list.length > n` and its like. */
function sized(op: Relation | 'eq', node: Typed, n: unknown, base: Base): Asked | undefined {
  if (node.k !== 'op' || node.op !== 'size' || typeof n !== 'number') return undefined;
  const [list] = node.args as [Typed];
  const path = pathOf(list, base)?.path;
  // Paths such as `list.0` may go into lists within the list.
  if (path === undefined || list.type.of?.base === 'list') return undefined;
  const isList = plain({ [path]: LIST }, false);
  if (op === 'eq') {
    if (!Number.isInteger(n) || n < 0 || n > MAX_SIZE) return { yes: NONE, no: isList };
    const $size = n;
    return {
      yes: plain({ [path]: { $size } }, n === 0),
      no: plain({ [path]: { ...LIST, $not: { $size } } }, false),
    };
  }
  const least = op === 'ge' || op === 'lt' ? Math.ceil(n) : Math.floor(n) + 1;
  const [long, short] = [atLeast(path, least), lessThan(path, least)];
  const asked = RELATIONS[op](1, 0) ? { yes: long, no: short } : { yes: short, no: long };
  return asked;
}

const MAX_SIZE = 2 ** 31 - 1;

function atLeast(path: string, n: number): Part {
  if (n <= 0) return plain({ [path]: LIST }, false);
  return n > MAX_SIZE ? NONE : plain({ [`${path}.${n - 1}`]: { $exists: true } }, false);
}

function lessThan(path: string, n: number): Part {
  if (n <= 0) return NONE;
  if (n > MAX_SIZE) return plain({ [path]: LIST }, false);
  const filter: Filter =
    n === 1 ? { [path]: { $size: 0 } } : { [path]: LIST, [`${path}.${n - 1}`]: { $exists: false } };
  return plain(filter, n === 1);
}
