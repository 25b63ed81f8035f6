/**
 * The typed tree between `check` and the back end: every operation is resolved (`x.length` is the length of a text or
 * of a list or a field of that name), consts of block bodies are put in place, `?.` is a test, captures are constants.
 */
import type { Span } from './ir';
import type { StaticType } from './static-type';

/** Operations that evaluate all their arguments. */
export type Op =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'pow'
  | 'neg'
  | 'number'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'min'
  | 'max'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'eq'
  | 'nullish'
  | 'concat'
  /** Of texts; the receiver comes first. */
  | 'length'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'trimStart'
  | 'trimEnd'
  | 'reverse'
  | 'includes'
  | 'startsWith'
  | 'endsWith'
  | 'indexOf'
  | 'replaceAll'
  | 'slice'
  /** Of lists: `size(list)`, `at(list, i)`, `contains(list, x)`; of Dicts: `entry(dict, key)`, `has(dict, key)`. */
  | 'size'
  | 'at'
  | 'contains'
  | 'entry'
  | 'has'
  | 'getTime'
  | 'getUTCFullYear'
  | 'getUTCMonth'
  | 'getUTCDate'
  | 'getUTCDay'
  | 'getUTCHours'
  | 'getUTCMinutes'
  | 'getUTCSeconds'
  | 'getUTCMilliseconds'
  | 'date';

interface Common {
  readonly type: StaticType;
  /** False only if it certainly cannot throw. */
  readonly throws: boolean;
  readonly at: Span;
}

export type TypedConst = Common & {
  readonly k: 'const';
  readonly v: unknown;
  /** The capture that it came from. */
  readonly capture?: string;
};
export type TypedField = Common & {
  readonly k: 'field';
  readonly on: Typed;
  readonly name: string;
};
export type TypedOp = Common & {
  readonly k: 'op';
  readonly op: Op;
  readonly args: readonly Typed[];
};
export type TypedQuantifier = Common & {
  readonly k: 'quant';
  readonly m: 'some' | 'every';
  readonly list: Typed;
  readonly name: string;
  readonly body: Typed;
};

export type Typed =
  | TypedConst
  /** A capture whose value is not known yet, or what follows from one. */
  | (Common & { readonly k: 'unknown'; readonly parts: readonly Typed[] })
  /** What throws whenever it is evaluated. */
  | (Common & { readonly k: 'throw' })
  | (Common & { readonly k: 'record' })
  | (Common & { readonly k: 'elem'; readonly name: string })
  | TypedField
  | TypedOp
  | TypedQuantifier
  | (Common & {
      readonly k: 'regex';
      /** For the server, which has another kind. */
      readonly pattern: string;
      readonly source: string;
      readonly flags: string;
      readonly e: Typed;
    })
  | (Common & { readonly k: 'not'; readonly e: Typed })
  | (Common & { readonly k: 'and' | 'or'; readonly a: Typed; readonly b: Typed })
  | (Common & { readonly k: 'coalesce'; readonly a: Typed; readonly b: Typed })
  | (Common & { readonly k: 'if'; readonly c: Typed; readonly a: Typed; readonly b: Typed })
  /** `guard == null ? undefined : in` */
  | (Common & { readonly k: 'safe'; readonly guard: Typed; readonly in: Typed })
  /** `in`, after `first` has been evaluated for its throwing only. */
  | (Common & { readonly k: 'strict'; readonly first: Typed; readonly in: Typed });
