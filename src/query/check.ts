/**
 * The type check: a lambda's IR, the fields of a datastore and, once they are known, the values of its captures in; the
 * typed tree for the back end out.
 *
 * `checkLambda(lambda, store)` at worker start, captures unknown, finds what is wrong whatever they are;
 * `checkLambda(lambda, store, captures)` at each call also folds what follows from them.
 *
 * Both throw a `QueryError`: code `capture_invalid` if a captured value is to blame, else `query_invalid`.
 */
import type { CaptureValues } from './evaluate';
import { checkBinary, concat } from './check-operators';
import {
  CheckContext,
  type CheckEnv,
  constant,
  known,
  operation,
  type Store,
  strict,
  strictly,
  throwing,
  unknown,
} from './check-context';
import { checkIndex, checkMember, checkMethod } from './check-members';
import { type Expr, type Lambda, partsOf, type Span, THROWS } from './ir';
import { translate, Untranslatable } from './regex/translate';
import {
  ANY,
  BOOL,
  DATE,
  isNullable,
  nameOfBase,
  NUM,
  orUndefined,
  present,
  type StaticType,
  STR,
  union,
} from './static-type';
import type { Typed } from './typed';

export type { Store } from './check-context';

export function checkLambda(lambda: Lambda, store: Store, captures?: CaptureValues): Typed {
  const context = new CheckContext(lambda, store, captures);
  if (captures !== undefined) requireCaptures(context, captures);
  const body = check(lambda.body, { vars: new Map(), guards: [] }, context);
  const { base } = body.type;
  if (base === 'bool' || base === 'any') return body;
  if (base === 'nothing' && lambda.captures.length > 0) return body;
  return context.refuse(lambda.body.at, {
    reason: `A query gives a Bool, this gives ${base === 'mixed' ? 'something else, too' : nameOfBase(body.type)}`,
    suggestion:
      base === 'mixed'
        ? 'write "!!x && …", or compare: "x !== \'\' && …"'
        : 'compare it with something',
  });
}

function requireCaptures(context: CheckContext, captures: CaptureValues): void {
  const { lambda } = context;
  for (const name of lambda.captures) {
    if (Object.hasOwn(captures, name)) continue;
    const at = find(lambda.body, (e) => e.k === 'capture' && e.name === name)?.at ?? lambda.body.at;
    context.refuse(at, {
      reason: `The value of "${name}" is not known`,
      suggestion: `pass { ${name} } as last argument`,
      code: 'capture_invalid',
    });
  }
}

function find(e: Expr, wanted: (e: Expr) => boolean): Expr | undefined {
  if (wanted(e)) return e;
  for (const part of partsOf(e)) {
    const found = find(part, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

function check(e: Expr, env: CheckEnv, context: CheckContext): Typed {
  const typed = (inner: Expr): Typed => check(inner, env, context);
  const fold = (args: readonly Typed[], build: () => Typed): Typed =>
    strictly(e, args, context, build);
  switch (e.k) {
    case 'const':
    case 'special':
      return fold([], () => throwing(e.at));
    case 'capture':
      return checkCapture(e.name, e.at, context);
    case 'record':
      return { k: 'record', type: recordType(context), throws: false, at: e.at };
    case 'var': {
      const value = env.vars.get(e.name);
      return value === undefined ? unknown(e.at, []) : { ...value, throws: value.k === 'throw' };
    }
    case 'let':
      return checkLet(e, env, context);
    case 'get':
      return onLink(e, env, context, (on) =>
        fold([on], () => checkMember(on, e.name, e.at, context)),
      );
    case 'index':
      return onLink(e, env, context, (on) => {
        const i = typed(e.i);
        return fold([on, i], () => checkIndex(on, i, e.at, context));
      });
    case 'call':
      return onLink(e, env, context, (on) => {
        const args = e.args.map(typed);
        return fold([on, ...args], () => checkMethod(on, e.m, args, e.at, context));
      });
    case 'reverse':
      return onLink({ ...e, on: e.e }, env, context, (on) =>
        fold([on], () => {
          if (!['str', 'any'].includes(on.type.base))
            return context.refuseTypes(e.at, [on], 'only texts can be split');
          return operation('reverse', [on], STR, e.at, isNullable(on.type));
        }),
      );
    case 'quant':
      return onLink(e, env, context, (on) => checkQuantifier(e, on, env, context));
    case 'chain':
      return checkChain(e.e, e.at, env, context);
    case 'unary':
      return checkUnary(e, typed(e.e), fold, context);
    case 'binary': {
      const [a, b] = [typed(e.a), typed(e.b)];
      return fold([a, b], () => checkBinary(e, a, b, context));
    }
    case 'logical':
      return checkLogical(e, typed, context);
    case 'if':
      return checkIf(e, typed);
    case 'math': {
      const args = e.args.map(typed);
      return fold(args, () => {
        const bad = args.find(({ type }) => !['num', 'date', 'nothing', 'any'].includes(type.base));
        if (bad !== undefined)
          return context.refuseTypes(e.at, [bad], `"Math.${e.m}" takes Numbers`);
        if (e.m !== 'min' && e.m !== 'max') return operation(e.m, args, NUM, e.at);
        return args.length === 1
          ? operation('number', args, NUM, e.at)
          : args.reduce((a, b) => operation(e.m, [a, b], NUM, e.at));
      });
    }
    case 'date': {
      const arg = typed(e.e);
      return fold([arg], () => {
        if (!['num', 'date', 'nothing', 'any'].includes(arg.type.base))
          return context.refuseTypes(e.at, [arg], '"new Date" takes a Number or a Date in a query');
        return operation('date', [arg], DATE, e.at);
      });
    }
    case 'list': {
      const items = e.items.map(typed);
      return fold(items, () =>
        items.some(({ k }) => k === 'unknown')
          ? unknown(e.at, items)
          : context.refuse(e.at, {
              reason: 'A List in a query holds constants and captured values only',
              suggestion: 'write "===" and "||"',
            }),
      );
    }
    case 'template': {
      const parts = e.parts.map(typed);
      return fold(parts, () => concat(parts, e.at, context));
    }
    case 'regex': {
      const tested = typed(e.e);
      return fold([tested], () => {
        if (!['str', 'nothing', 'any'].includes(tested.type.base))
          return context.refuseTypes(e.at, [tested], 'a regular expression tests a String');
        const pattern = translated(e, context);
        const { source, flags, at } = e;
        const { throws } = tested;
        return { k: 'regex', pattern, source, flags, e: tested, type: BOOL, throws, at };
      });
    }
  }
}

function translated(
  { source, flags, at }: Extract<Expr, { k: 'regex' }>,
  context: CheckContext,
): string {
  try {
    return translate(source, flags);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    const { message: reason, suggestion } = error;
    return context.refuse(at, { reason, ...(suggestion === undefined ? {} : { suggestion }) });
  }
}

const recordType = (context: CheckContext): StaticType => ({
  base: 'record',
  null: false,
  undef: false,
  fields: context.store.fields,
});

function checkCapture(name: string, at: Span, context: CheckContext): Typed {
  if (context.captures === undefined) return { ...unknown(at, []), throws: false };
  const value = context.captures[name];
  const fails = typeof value === 'object' && value !== null && Object.hasOwn(value, THROWS);
  return fails ? throwing(at) : constant(value, at, context, name);
}

function checkLet(e: Extract<Expr, { k: 'let' }>, env: CheckEnv, context: CheckContext): Typed {
  const value = check(e.e, { ...env, guards: [] }, context);
  const vars = new Map(env.vars).set(e.name, value);
  return strict(value, check(e.in, { ...env, vars }, context));
}

/** A link of a chain. With `?.`, a test for nullish goes before the whole chain. */
function onLink(
  e: { readonly on: Expr; readonly opt?: true; readonly at: Span },
  env: CheckEnv,
  context: CheckContext,
  then: (on: Typed) => Typed,
): Typed {
  const on = check(e.on, env, context);
  if (e.opt !== true || !isNullable(on.type)) return then(on);
  env.guards.push(on);
  if (on.type.base === 'nothing') return throwing(e.at);
  return then({ ...on, type: present(on.type) });
}

function checkChain(e: Expr, at: Span, env: CheckEnv, context: CheckContext): Typed {
  const guards: Typed[] = [];
  const inner = check(e, { ...env, guards }, context);
  return guards.reduceRight<Typed>((rest, guard) => {
    if (guard.k === 'throw') return throwing(at);
    if (guard.k === 'const') return guard.v == null ? constant(undefined, at, context) : rest;
    if (guard.type.base === 'nothing') return known(undefined, [guard], at, context);
    const throws = guard.throws || rest.throws;
    return { k: 'safe', guard, in: rest, type: orUndefined(rest.type), throws, at };
  }, inner);
}

function checkUnary(
  e: Extract<Expr, { k: 'unary' }>,
  inner: Typed,
  fold: (args: readonly Typed[], build: () => Typed) => Typed,
  context: CheckContext,
): Typed {
  return fold([inner], () => {
    const { type, throws } = inner;
    if (e.op === '!') return { k: 'not', e: inner, type: BOOL, throws, at: e.at };
    if (e.op === 'nullish') {
      if (type.base !== 'any' && !isNullable(type)) return known(false, [inner], e.at, context);
      return operation('nullish', [inner], BOOL, e.at);
    }
    if (!['num', 'date', 'nothing', 'any'].includes(type.base))
      return context.refuseTypes(e.at, [inner], `"${e.op}" needs a Number`);
    return operation(e.op === '-' ? 'neg' : 'number', [inner], NUM, e.at);
  });
}

function checkLogical(
  e: Extract<Expr, { k: 'logical' }>,
  typed: (e: Expr) => Typed,
  context: CheckContext,
): Typed {
  const a = typed(e.a);
  if (a.k === 'throw') return throwing(e.at);
  if (a.k === 'const') {
    const decided = { '&&': !a.v, '||': !!a.v, '??': a.v != null }[e.op];
    return decided ? a : typed(e.b);
  }
  const b = typed(e.b);
  const throws = a.throws || b.throws;
  if (e.op === '??') {
    if (!isNullable(a.type) && a.type.base !== 'any') return a;
    const type = union(present(a.type), b.type);
    if (type.base === 'mixed')
      return context.refuseTypes(e.at, [a, b], 'both sides of "??" must have the same type');
    return { k: 'coalesce', a, b, type, throws, at: e.at };
  }
  const type = union(e.op === '||' ? present(a.type) : a.type, b.type);
  return { k: e.op === '&&' ? ('and' as const) : ('or' as const), a, b, type, throws, at: e.at };
}

function checkIf(e: Extract<Expr, { k: 'if' }>, typed: (e: Expr) => Typed): Typed {
  const c = typed(e.c);
  if (c.k === 'throw') return throwing(e.at);
  if (c.k === 'const') return typed(c.v ? e.a : e.b);
  const [a, b] = [typed(e.a), typed(e.b)];
  const throws = c.throws || a.throws || b.throws;
  return { k: 'if', c, a, b, type: union(a.type, b.type), throws, at: e.at };
}

/** A query's filter grows with a captured list that it asks about one by one. */
const MAX_EXPANDED = 500;

function checkQuantifier(
  e: Extract<Expr, { k: 'quant' }>,
  list: Typed,
  env: CheckEnv,
  context: CheckContext,
): Typed {
  const { at, m, name } = e;
  const bodyWith = (value: Typed): Typed =>
    check(e.body, { vars: new Map(env.vars).set(name, value), guards: [] }, context);
  const element = (type: StaticType): Typed => ({
    k: 'elem',
    name,
    type,
    throws: false,
    at: e.on.at,
  });
  if (list.k === 'throw' || list.type.base === 'nothing') return throwing(at);
  if (list.type.base === 'any') return unknown(at, [list, bodyWith(element(ANY))], BOOL);
  if (list.type.base !== 'list') return context.refuseTypes(at, [list], `only a List has "${m}"`);
  if (list.k !== 'const') {
    const body = bodyWith(element(list.type.of as StaticType));
    const throws = list.throws || isNullable(list.type) || body.throws;
    return { k: 'quant', m, list, name, body, type: BOOL, throws, at };
  }
  const elements = list.v as unknown[];
  if (elements.length > MAX_EXPANDED) {
    context.refuse(at, {
      reason: `A captured List of more than ${MAX_EXPANDED} elements cannot be asked one by one, got ${elements.length}`,
      suggestion: 'write "list.includes(u.field)"',
      code: 'capture_invalid',
    });
  }
  const answers = elements.map((v): Typed => {
    const answer = bodyWith(constant(v, at, context, list.capture));
    if (answer.type.base === 'bool' && !isNullable(answer.type)) return answer;
    if (answer.k === 'const') return constant(!!answer.v, at, context);
    const not: Typed = { k: 'not', e: answer, type: BOOL, throws: answer.throws, at };
    return { ...not, e: not };
  });
  return joined(answers, m, at, context);
}

/** `a || b || …` or `a && b && …`, balanced: MongoDB limits how deep a filter may be. */
function joined(
  nodes: readonly Typed[],
  m: 'some' | 'every',
  at: Span,
  context: CheckContext,
): Typed {
  if (nodes.length === 0) return constant(m === 'every', at, context);
  if (nodes.length === 1) return nodes[0] as Typed;
  const half = nodes.length >> 1;
  const [a, b] = [nodes.slice(0, half), nodes.slice(half)].map((n) =>
    joined(n, m, at, context),
  ) as [Typed, Typed];
  if (a.k === 'throw') return a;
  if (a.k === 'const') return a.v === (m === 'some') ? a : b;
  if (b.k === 'const' && b.v === (m === 'every')) return a;
  return { k: m === 'some' ? 'or' : 'and', a, b, type: BOOL, throws: a.throws || b.throws, at };
}
