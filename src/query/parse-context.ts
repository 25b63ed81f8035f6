/** What the parts of the front end share: the source, the names that are bound, the captures found so far. */
import type { Capture, Expr, Located, Span } from './ir';
import type { AnyNode } from './oxc';
import { QueryError, type Refusal } from './query-error';

/** The text that the nodes' offsets count in, e.g. of a module, and which part of it is the lambda. */
export interface Source {
  readonly text: string;
  readonly file: string;
  /**
   * True for a module: a capture is a whole chain such as `event.user.id`, because the loader can write it down. False
   * for the text of a function in Node: there captures come by the name of their variable.
   */
  readonly chains: boolean;
  /** Whether `name` is declared outside the lambda, so that e.g. `Math` is not the global one. */
  readonly isDeclared?: (name: string) => boolean;
}

export interface HasSpan {
  readonly start: number;
  readonly end: number;
}

/** What each bound name stands for. */
export type Names = ReadonlyMap<string, (at: Span) => Expr>;

export interface Scope {
  readonly names: Names;
  /** True where JavaScript may not evaluate the expression, e.g. to the right of `&&`. */
  readonly conditional: boolean;
}

/** Parses an expression; passed along, so that files need not import each other in circles. */
export type Parse = (node: AnyNode, scope: Scope) => Expr;

/** Whatever walks the expression later goes down as deep: nobody writes this, and no stack is as deep as one could. */
const MAX_DEPTH = 500;

export class ParseContext {
  readonly captures = new Map<string, Capture>();
  #count = 0;
  #depth = 0;

  constructor(
    readonly source: Source,
    readonly located: Located,
    private readonly base: number,
  ) {}

  at({ start, end }: HasSpan): Span {
    return [start - this.base, end - this.base];
  }

  textOf({ start, end }: HasSpan): string {
    return this.source.text.slice(start, end);
  }

  refuse(node: HasSpan, reason: string, suggestion?: string): never {
    return this.refuseAt(this.at(node), reason, suggestion);
  }

  refuseAt(at: Span, reason: string, suggestion?: string): never {
    const refusal: Refusal = suggestion === undefined ? { reason } : { reason, suggestion };
    throw new QueryError(this.located, at, refusal);
  }

  /** Parses an expression within another. */
  nested(node: HasSpan, parse: () => Expr): Expr {
    if (this.#depth >= MAX_DEPTH)
      this.refuse(
        node,
        `An expression is nested more than ${MAX_DEPTH} deep`,
        'for many alternatives, write a list and "list.includes(u.field)"',
      );
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  /** A name that no other variable of the lambda has. */
  fresh(name: string): string {
    return `${name}${++this.#count}`;
  }

  capture(name: string, text: string, certain: boolean): void {
    const known = this.captures.get(name);
    if (known === undefined || certain) this.captures.set(name, { name, text });
  }

  isGlobal(name: string, { names }: Scope): boolean {
    return !names.has(name) && this.source.isDeclared?.(name) !== true;
  }
}

export const conditional = (scope: Scope): Scope =>
  scope.conditional ? scope : { ...scope, conditional: true };

export function withName(scope: Scope, name: string, make: (at: Span) => Expr): Scope {
  return { ...scope, names: new Map(scope.names).set(name, make) };
}

export const withVariable = (scope: Scope, name: string, unique: string): Scope =>
  withName(scope, name, (at) => ({ k: 'var', name: unique, at }));
