/**
 * A comparison with a choice as a choice of comparisons: `(u.age ?? 0) > 18` is `u.age == null ? 0 > 18 : u.age > 18`,
 * of which each part may be one that an index serves.
 */
import { RELATIONS } from './expressions/comparisons';
import { isNullable, present, typeOfValue } from './static-type';
import type { Op, Typed, TypedConst, TypedOp } from './typed';

export function pushedDown(node: Typed): Typed | undefined {
  if (node.k !== 'op' || !Object.hasOwn(FOLDS, node.op)) return undefined;
  const i = node.args.findIndex((arg) => arg.k !== 'const');
  const choice = node.args[i];
  if (choice === undefined || node.args.some((arg, j) => j !== i && arg.k !== 'const'))
    return undefined;
  const withValue = (value: Typed): Typed => applied(node, node.args.with(i, value));
  const { type, at, throws } = node;
  const choose = (c: Typed, a: Typed, b: Typed): Typed => ({ k: 'if', c, a, b, type, at, throws });
  switch (choice.k) {
    case 'safe': {
      const undef: Typed = {
        k: 'const',
        v: undefined,
        type: typeOfValue(undefined),
        throws: false,
        at,
      };
      return choose(isNullish(choice.guard), withValue(undef), withValue(choice.in));
    }
    case 'coalesce': {
      const { a, b } = choice;
      return choose(isNullish(a), withValue(b), withValue({ ...a, type: present(a.type) }));
    }
    case 'if':
      return choose(choice.c, withValue(choice.a), withValue(choice.b));
    default:
      return undefined;
  }
}

const FOLDS: Partial<Record<Op, (a: never, b: never) => boolean>> = {
  ...RELATIONS,
  eq: (a: unknown, b: unknown) => a === b,
  nullish: (a: unknown) => a == null,
  includes: (a: string, b: string) => a.includes(b),
  startsWith: (a: string, b: string) => a.startsWith(b),
  endsWith: (a: string, b: string) => a.endsWith(b),
};

/** The operation on other arguments: folded, if they are all known. */
function applied(node: TypedOp, args: readonly Typed[]): Typed {
  const [a, b] = args as [TypedConst, TypedConst];
  const { at, type } = node;
  if (args.every((arg) => arg.k === 'const')) {
    if (typeof a.v !== 'string' && ['includes', 'startsWith', 'endsWith'].includes(node.op))
      return { k: 'throw', type, throws: true, at };
    const v = FOLDS[node.op]?.(a.v as never, b?.v as never);
    return { k: 'const', v, type, throws: false, at };
  }
  const [receiver] = args as [Typed];
  const throws = node.op in RELATIONS ? false : THROWING.has(node.op) && isNullable(receiver.type);
  if (node.op === 'nullish' && !isNullable(receiver.type) && !receiver.throws)
    return { k: 'const', v: false, type, throws: false, at };
  return { ...node, args, throws: throws || args.some((arg) => arg.throws) };
}

const THROWING = new Set<Op>(['includes', 'startsWith', 'endsWith']);

const isNullish = (e: Typed): Typed => ({
  k: 'op',
  op: 'nullish',
  args: [e],
  type: { base: 'bool', null: false, undef: false },
  throws: e.throws,
  at: e.at,
});
