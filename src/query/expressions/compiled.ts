/** What expressions of the lambda become, and what the compilers of single operations may ask for. */
import { UUID } from 'mongodb';
import type { StaticType } from '../static-type';
import type { Op, Typed } from '../typed';
import { and, double, type Expression, literalText, or, REMOVE, type Variables } from './build';

/** What an expression of the lambda becomes. */
export interface Compiled {
  /** True for the records for which JavaScript does not throw. */
  readonly ok: Expression;
  /** Its value: total, so never an error of the server; of no meaning where `ok` is false. A Date is its milliseconds. */
  readonly v: Expression;
  /** True for the records for which only JavaScript itself knows `ok` and `v`. */
  readonly unsure: Expression;
}

export interface Compiler {
  readonly variables: Variables;
  /** `use` of `value`, which is evaluated once. */
  bind(value: Expression, use: (name: Expression) => Expression): Expression;
  value(node: Typed): Compiled;
  /** `v` is a condition: true where JavaScript takes the value for true. */
  condition(node: Typed): Compiled;
  /** A text to work on: never anything else, whatever the record holds. */
  text(node: Typed): Compiled;
  /** A list to work on; a Dict is a list of its entries. */
  list(node: Typed): Compiled;
  /** What arithmetic takes the value for, as a double: null is 0, undefined NaN. */
  number(node: Typed): Compiled;
  /** A value as it stands in a record: Dates become milliseconds. */
  loaded(v: Expression, type: StaticType): Expression;
}

export type CompileOp = (args: readonly Typed[], c: Compiler) => Compiled;

export const sure = (v: Expression): Compiled => ({ ok: true, v, unsure: false });

/** What evaluates all of `parts`. */
export const alike = (
  parts: readonly Compiled[],
  v: Expression,
  unsure: Expression = false,
): Compiled => ({
  ok: and(...parts.map(({ ok }) => ok)),
  v,
  unsure: or(...parts.map((part) => part.unsure), unsure),
});

const NULLABLE_OPS = new Set<Op>(['at', 'entry']);

/** The result of an operation of ours, hence of its static type for certain; a stored value is only expected to be. */
export const isSolid = (node: Typed): boolean =>
  node.k === 'const' || (node.k === 'op' && !NULLABLE_OPS.has(node.op));

export function constantValue(v: unknown, { base }: StaticType): Expression {
  if (v === undefined) return REMOVE;
  if (typeof v === 'number') return double(v);
  if (base === 'uuid') return new UUID(v as string);
  if (typeof v === 'string') return literalText(v);
  if (base === 'date') return double((v as Date).getTime());
  return v;
}
