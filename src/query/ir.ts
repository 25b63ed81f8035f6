/**
 * The intermediate representation of a query's lambda: what `parse` makes, what `check` gives types to, and what the
 * evaluator runs. Plain JSON, because it crosses from the sandbox to an activity. It is JavaScript's own meaning, node by
 * node: nothing here knows of MongoDB or of a datastore's fields.
 */
import type { MARKER } from '../shared/query-marker';

/** Start and end in the lambda's text. */
export type Span = readonly [start: number, end: number];

export type Literal = string | number | boolean | null;

export const ARITHMETIC = ['+', '-', '*', '/', '%', '**'] as const;
export const RELATIONAL = ['<', '<=', '>', '>='] as const;
export type ArithmeticOperator = (typeof ARITHMETIC)[number];
export type RelationalOperator = (typeof RELATIONAL)[number];
/** `!==` is `!` of `===`. */
export type BinaryOperator = ArithmeticOperator | RelationalOperator | '===' | 'in';
/** `nullish` is `x == null`. */
export type UnaryOperator = '!' | '-' | '+' | 'nullish';
export type LogicalOperator = '&&' | '||' | '??';
export type MathFunction = 'abs' | 'floor' | 'ceil' | 'round' | 'min' | 'max';

export type Expr = { readonly at: Span } & (
  | { readonly k: 'const'; readonly v: Literal }
  /** The constants that JSON lacks. */
  | { readonly k: 'special'; readonly name: 'undefined' | 'NaN' | 'Infinity' }
  /** A value from outside the lambda. */
  | { readonly k: 'capture'; readonly name: string }
  /** The record. */
  | { readonly k: 'record' }
  /** A `const` of a block body, or the parameter of an enclosing `some` or `every`. Names are unique in a lambda. */
  | { readonly k: 'var'; readonly name: string }
  | {
      readonly k: 'let';
      readonly name: string;
      readonly e: Expr;
      readonly in: Expr;
    }
  /** `on.name`; `opt`: `on?.name`. */
  | { readonly k: 'get'; readonly on: Expr; readonly name: string; readonly opt?: true }
  | { readonly k: 'index'; readonly on: Expr; readonly i: Expr; readonly opt?: true }
  /** A method, one of `METHODS`. */
  | {
      readonly k: 'call';
      readonly m: string;
      readonly on: Expr;
      readonly args: readonly Expr[];
      readonly opt?: true;
    }
  | {
      readonly k: 'quant';
      readonly m: 'some' | 'every';
      readonly on: Expr;
      readonly name: string;
      readonly body: Expr;
      readonly opt?: true;
    }
  /** How far a `?.` reaches: a nullish link makes all of `e` undefined. */
  | { readonly k: 'chain'; readonly e: Expr }
  | { readonly k: 'unary'; readonly op: UnaryOperator; readonly e: Expr }
  | { readonly k: 'binary'; readonly op: BinaryOperator; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'logical'; readonly op: LogicalOperator; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'if'; readonly c: Expr; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'math'; readonly m: MathFunction; readonly args: readonly Expr[] }
  /** `new Date(e)` */
  | { readonly k: 'date'; readonly e: Expr }
  | { readonly k: 'list'; readonly items: readonly Expr[] }
  | { readonly k: 'template'; readonly parts: readonly Expr[] }
  /** `/source/flags.test(e)` */
  | { readonly k: 'regex'; readonly source: string; readonly flags: string; readonly e: Expr }
  /** `e.split('').reverse().join('')` */
  | { readonly k: 'reverse'; readonly e: Expr; readonly opt?: true }
);

/** Where a lambda stands, and its text: what an error needs to show it. */
export interface Located {
  readonly file: string;
  /** Of the first character, counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export interface Lambda extends Located {
  readonly version: 1;
  readonly body: Expr;
  /** The names of all `capture` nodes. */
  readonly captures: readonly string[];
}

/** A value that the lambda takes from outside: its name in the IR, and the text of an expression that gives it. */
export interface Capture {
  readonly name: string;
  readonly text: string;
}

/**
 * What a compiled lambda carries instead of the value of a capture whose evaluation would throw, e.g. `event.user.id`
 * where only some records need it and `event.user` is undefined. JSON, because captures cross to an activity.
 */
export const THROWS = '$nightshift.throws';

/** What the loader puts in place of a lambda. */
export interface CompiledQuery {
  readonly [MARKER]: Lambda;
  readonly captures: Readonly<Record<string, unknown>>;
}

/** The direct parts of `e`, in the order in which JavaScript evaluates them. */
export function partsOf(e: Expr): readonly Expr[] {
  switch (e.k) {
    case 'let':
      return [e.e, e.in];
    case 'get':
      return [e.on];
    case 'index':
      return [e.on, e.i];
    case 'call':
      return [e.on, ...e.args];
    case 'quant':
      return [e.on, e.body];
    case 'chain':
    case 'unary':
    case 'date':
    case 'regex':
    case 'reverse':
      return [e.e];
    case 'binary':
    case 'logical':
      return [e.a, e.b];
    case 'if':
      return [e.c, e.a, e.b];
    case 'math':
      return e.args;
    case 'list':
      return e.items;
    case 'template':
      return e.parts;
    default:
      return [];
  }
}

/** `e` with `change` made of each of its direct parts. */
export function withParts(e: Expr, change: (part: Expr, i: number) => Expr): Expr {
  switch (e.k) {
    case 'let':
      return { ...e, e: change(e.e, 0), in: change(e.in, 1) };
    case 'get':
      return { ...e, on: change(e.on, 0) };
    case 'index':
      return { ...e, on: change(e.on, 0), i: change(e.i, 1) };
    case 'call':
      return { ...e, on: change(e.on, 0), args: e.args.map((arg, i) => change(arg, i + 1)) };
    case 'quant':
      return { ...e, on: change(e.on, 0), body: change(e.body, 1) };
    case 'chain':
    case 'unary':
    case 'date':
    case 'regex':
    case 'reverse':
      return { ...e, e: change(e.e, 0) };
    case 'binary':
    case 'logical':
      return { ...e, a: change(e.a, 0), b: change(e.b, 1) };
    case 'if':
      return { ...e, c: change(e.c, 0), a: change(e.a, 1), b: change(e.b, 2) };
    case 'math':
      return { ...e, args: e.args.map(change) };
    case 'list':
      return { ...e, items: e.items.map(change) };
    case 'template':
      return { ...e, parts: e.parts.map(change) };
    default:
      return e;
  }
}
