/** What the parts of the type check share: the lambda, the datastore, what names stand for, how to refuse. */
import { nameOfValue } from '../definitions/check-value';
import type { Fields } from '../definitions/types';
import { type CaptureValues, evaluate } from './evaluate';
import { type Expr, type Lambda, type Span, withParts } from './ir';
import { QueryError, type Refusal } from './query-error';
import { ANY, nameOfBase, type StaticType, typeOfValue } from './static-type';
import type { Op, Typed, TypedConst } from './typed';

/** The part of a datastore's definition that queries need. */
export interface Store {
  readonly name: string;
  readonly fields: Fields;
}

export class CheckContext {
  constructor(
    readonly lambda: Lambda,
    readonly store: Store,
    /** Undefined before they are known: then captures fit everywhere. */
    readonly captures: CaptureValues | undefined,
  ) {}

  refuse(at: Span, refusal: Refusal): never {
    throw new QueryError(this.lambda, at, refusal);
  }

  /** `"u.age" is a Number`, or what is captured. */
  describe(node: Typed): string {
    const { type } = node;
    const name =
      node.k === 'const' && node.capture !== undefined
        ? `the captured "${node.capture}"`
        : `"${this.lambda.text.slice(...node.at)}"`;
    const isOdd = node.k === 'const' && type.base === 'object';
    return `${name} is ${isOdd ? nameOfOdd(node.v) : nameOfBase(type)}`;
  }

  /** Refuses an operation because of the types of `nodes`; blames the captured values among them. */
  refuseTypes(at: Span, nodes: readonly Typed[], why: string, suggestion?: string): never {
    const captured = nodes.some((node) => node.k === 'const' && node.capture !== undefined);
    const described = nodes.map((node) => this.describe(node)).join(', ');
    return this.refuse(at, {
      reason: `${described.charAt(0).toUpperCase()}${described.slice(1)}: ${why}`,
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(captured ? { code: 'capture_invalid' as const } : {}),
    });
  }
}

/** A captured value of a kind that no field has. */
const nameOfOdd = (value: unknown): string => {
  const name = nameOfValue(value);
  return name === 'Record' ? 'an object' : name.startsWith('an ') ? name : `a ${name}`;
};

/** What each variable stands for, and the tests that the `?.` of the chain at hand need. */
export interface CheckEnv {
  readonly vars: ReadonlyMap<string, Typed>;
  readonly guards: Typed[];
}

export function constant(
  v: unknown,
  at: Span,
  context: CheckContext,
  capture?: string,
): TypedConst {
  const node: TypedConst = {
    k: 'const',
    v,
    type: typeOfValue(v),
    throws: false,
    at,
    ...(capture === undefined ? {} : { capture }),
  };
  if (typeof v === 'string' && !v.isWellFormed()) {
    context.refuse(at, {
      reason: `${capture === undefined ? 'This text' : `The captured "${capture}"`} holds half of a surrogate pair, which no stored text can`,
      code: capture === undefined ? 'query_invalid' : 'capture_invalid',
    });
  }
  return node;
}

export const throwing = (at: Span): Typed => ({ k: 'throw', type: ANY, throws: true, at });

export const unknown = (at: Span, parts: readonly Typed[], type: StaticType = ANY): Typed => ({
  k: 'unknown',
  parts,
  type,
  throws: true,
  at,
});

/**
 * A node for `e`, whose parts `args` are all evaluated: folded if they are known, else what `build` makes of them.
 * Folded here, before the types are looked at, because among constants everything means what JavaScript says.
 */
export function strictly(
  e: Expr,
  args: readonly Typed[],
  context: CheckContext,
  build: () => Typed,
): Typed {
  if (args.some(({ k }) => k === 'throw')) return throwing(e.at);
  if (!args.every((arg) => arg.k === 'const')) return build();
  const vars = new Map(args.map(({ v }, i) => [String(i), v]));
  // What is known of a part may follow from its type: its value counts, not its text.
  const applied = withParts(e, ({ at }, i) => ({ k: 'var', name: String(i), at }));
  const [only] = args;
  const capture = args.length === 1 ? only?.capture : undefined;
  try {
    const v = evaluate(applied, { record: undefined, captures: {}, vars });
    return constant(v, e.at, context, capture);
  } catch (error) {
    if (error instanceof QueryError) throw error;
    return throwing(e.at);
  }
}

/** An operation that throws only if its arguments do, or as `throws` says. */
export const operation = (
  op: Op,
  args: readonly Typed[],
  type: StaticType,
  at: Span,
  throws = false,
): Typed => ({ k: 'op', op, args, type, throws: throws || args.some((arg) => arg.throws), at });

/** A known answer to a question whose parts may throw nevertheless. */
export function known(v: unknown, asked: readonly Typed[], at: Span, context: CheckContext): Typed {
  const answer = constant(v, at, context);
  return asked
    .filter(({ throws }) => throws)
    .reduceRight<Typed>((rest, first) => strict(first, rest), answer);
}

export const strict = (first: Typed, rest: Typed): Typed => {
  if (!first.throws) return rest;
  if (first.k === 'throw') return throwing(rest.at);
  return { k: 'strict', first, in: rest, type: rest.type, throws: true, at: rest.at };
};
