/** Which fields must be there for JavaScript not to throw, and whether a filter finds only records that have them. */
import { isNullable } from '../static-type';
import type { Typed } from '../typed';
import { type Filter, isOperators, type Part } from './parts';
import { type Base, pathOf } from './positions';
import { isPositiveOperator } from './render';

/** The paths that `node` throws for, where they are nullish; undefined if it is not as simple as that. */
export function mayThrowFor(node: Typed, base: Base): string[] | undefined {
  if (!node.throws) return [];
  switch (node.k) {
    case 'op': {
      const receiver = RECEIVERS[node.op] === 1 ? node.args[1] : node.args[0];
      const rest = node.args.map((arg) => mayThrowFor(arg, base));
      if (receiver === undefined || rest.includes(undefined)) return undefined;
      const inner = (rest as string[][]).flat();
      if (!throwsItself(node.op) || !isNullable(receiver.type)) return inner;
      const path = pathOf(receiver, base)?.path;
      return path === undefined ? undefined : [...inner, path];
    }
    case 'field': {
      const path = pathOf(node, base);
      return path && [...path.needs];
    }
    case 'not':
      return mayThrowFor(node.e, base);
    case 'regex':
      return mayThrowFor(node.e, base);
    default:
      return undefined;
  }
}

const RECEIVERS: Readonly<Record<string, number>> = { has: 1 };

const TOTAL = new Set(['eq', 'lt', 'le', 'gt', 'ge', 'nullish', 'concat', 'number', 'date', 'neg']);
const ARITHMETIC = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'pow',
  'abs',
  'floor',
  'ceil',
  'round',
  'min',
  'max',
]);
const throwsItself = (op: string): boolean => !TOTAL.has(op) && !ARITHMETIC.has(op);

/** Whether all records that `part` finds have a value other than null at `path`. */
export function impliesPresence(part: Part, path: string): boolean {
  if (part.k === 'none') return true;
  return part.filters.some((filter) => filterImplies(filter, path));
}

function filterImplies(filter: Filter, path: string): boolean {
  return Object.entries(filter).some(([key, condition]) => {
    if (key === '$and') return (condition as Filter[]).some((inner) => filterImplies(inner, path));
    if (key === '$or') return (condition as Filter[]).every((inner) => filterImplies(inner, path));
    if (key.startsWith('$')) return false;
    if (key !== path && !key.startsWith(`${path}.`)) return false;
    if (!isOperators(condition)) return condition !== null;
    const { $type } = condition;
    if ($type !== undefined) return $type !== 10;
    if ('$in' in condition && (condition['$in'] as unknown[]).includes(null)) return false;
    return (
      isPositiveOperator(condition) ||
      '$regex' in condition ||
      '$size' in condition ||
      (condition['$exists'] === true && key !== path)
    );
  });
}
