/** Which questions about one stored value MongoDB's query operators can ask: `field op constant` and its like. */
import type { Op, Typed, TypedConst, TypedOp } from '../typed';
import { RELATIONS } from '../expressions/comparisons';
import { caseIs } from './case-predicates';
import { timeIs, timeRelates, yearIs, yearRelates } from './date-predicates';
import { type Base, type Position, positionOf } from './positions';
import {
  type Answers,
  equals,
  FLIPPED,
  isAmong,
  isNullish,
  isTruthy,
  type Relation,
  relates,
} from './predicates';
import {
  endsWith,
  includes,
  indexIs,
  lengthIs,
  matches,
  reverseIs,
  sliceIs,
  startsWith,
  templateIs,
} from './text-predicates';

export interface Leaf {
  readonly position: Position;
  /** The expression whose value stands there. */
  readonly value: Typed;
  readonly answers: Answers;
}

const isConst = (node: Typed | undefined): node is TypedConst => node?.k === 'const';
const isRelation = (op: Op): op is Relation & Op => op in RELATIONS;

export function leafOf(node: Typed, base: Base): Leaf | undefined {
  const leaf = (value: Typed | undefined, answers: Answers | undefined): Leaf | undefined => {
    const position = value && answers && positionOf(value, base);
    return value && answers && position && { position, value, answers };
  };
  if (node.k === 'regex')
    return leaf(textual(node.e), matches(node.pattern, new RegExp(node.source, node.flags)));
  if (node.k !== 'op' || node.op === 'at' || node.op === 'entry')
    return leaf(node, isTruthy(node.type));
  const [a, b] = node.args;
  if (node.op === 'nullish') return leaf(a, a && isNullish(a.type));
  if (node.op === 'contains' && isConst(a)) return leaf(b, b && isAmong(b.type, a.v as unknown[]));
  if (node.op === 'eq' || isRelation(node.op)) {
    if (a === undefined || b === undefined) return undefined;
    const flipped = isRelation(node.op) ? FLIPPED[node.op] : 'eq';
    if (isConst(b)) return compared(node.op, a, b.v, leaf);
    return isConst(a) ? compared(flipped, b, a.v, leaf) : undefined;
  }
  if (a === undefined || !isConst(b) || typeof b.v !== 'string') return undefined;
  switch (node.op) {
    case 'startsWith':
      return cased('startsWith', a, b.v, leaf) ?? leaf(a, startsWith(b.v));
    case 'endsWith':
      return cased('endsWith', a, b.v, leaf) ?? leaf(a, endsWith(b.v));
    case 'includes':
      return cased('includes', a, b.v, leaf) ?? leaf(a, includes(b.v));
    default:
      return undefined;
  }
}

type Make = (value: Typed | undefined, answers: Answers | undefined) => Leaf | undefined;

/** A regular expression tests texts; the text of anything else is not stored. */
const textual = (node: Typed): Typed | undefined => (node.type.base === 'str' ? node : undefined);

function cased(how: 'is' | Op, a: Typed, c: string, leaf: Make): Leaf | undefined {
  if (a.k !== 'op' || (a.op !== 'lower' && a.op !== 'upper')) return undefined;
  return leaf(a.args[0], caseIs(a.op, how, c));
}

function compared(op: Relation | 'eq', value: Typed, c: unknown, leaf: Make): Leaf | undefined {
  if (op === 'eq') return leaf(value, equals(value.type, c)) ?? derived(op, value, c, leaf);
  return leaf(value, relates(op, value.type, c)) ?? derived(op, value, c, leaf);
}

/** Comparisons of what follows from one stored value: its length, its year. */
function derived(op: Relation | 'eq', node: Typed, c: unknown, leaf: Make): Leaf | undefined {
  if (node.k !== 'op') return undefined;
  const [a] = node.args;
  if (a === undefined) return undefined;
  if (typeof c === 'string') return op === 'eq' ? derivedText(node, a, c, leaf) : undefined;
  if (typeof c !== 'number') return undefined;
  const question = (n: number): boolean => (op === 'eq' ? n === c : RELATIONS[op](n, c));
  switch (node.op) {
    case 'length':
      return leaf(a, lengthIs(question, c));
    case 'indexOf': {
      const [, sought] = node.args;
      const known = isConst(sought) && typeof sought.v === 'string' ? sought.v : undefined;
      return known === undefined ? undefined : leaf(a, indexIs(question, c, known));
    }
    case 'getTime':
      return leaf(a, op === 'eq' ? timeIs(c) : timeRelates(op, c));
    case 'getUTCFullYear':
      return leaf(a, op === 'eq' ? yearIs(c) : yearRelates(op, c));
    default:
      return undefined;
  }
}

function derivedText(node: TypedOp, a: Typed, c: string, leaf: Make): Leaf | undefined {
  switch (node.op) {
    case 'lower':
    case 'upper':
      return cased('is', node, c, leaf);
    case 'reverse':
      return leaf(a, reverseIs(c));
    case 'slice': {
      const [, from, to] = node.args;
      return leaf(
        a,
        sliceIs((from as TypedConst | undefined)?.v, (to as TypedConst | undefined)?.v, c),
      );
    }
    case 'concat':
      return ofTemplate(node, c, leaf);
    default:
      return undefined;
  }
}

/** `${before}${value}${after}` */
function ofTemplate(node: TypedOp, c: string, leaf: Make): Leaf | undefined {
  const open = node.args.filter((arg) => !isConst(arg));
  const [value] = open;
  if (open.length !== 1 || value === undefined || value.type.base !== 'str') return undefined;
  const i = node.args.indexOf(value);
  const textOf = (part: Typed | undefined): string => (isConst(part) ? String(part.v) : '');
  return leaf(value, templateIs(value.type, textOf(node.args[i - 1]), textOf(node.args[i + 1]), c));
}
