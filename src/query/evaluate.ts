/**
 * Runs the IR in memory, with exactly JavaScript's meaning: each node is the operation of JavaScript that it was parsed
 * from. Used to recheck the candidates of a query whose filter finds too many, and to fold what does not depend on the
 * record. `matches` is the meaning of a query: the lambda returns `true`.
 */
import type { Expr, Lambda } from './ir';
import { THROWS } from './ir';

export type CaptureValues = Readonly<Record<string, unknown>>;

/** Whether the lambda returns `true` for `record`, which is as the codec decodes it. */
export function matches(lambda: Lambda, captures: CaptureValues, record: unknown): boolean {
  try {
    return evaluate(lambda.body, { record, captures, vars: new Map() }) === true;
  } catch {
    return false;
  }
}

export interface EvaluateEnv {
  readonly record: unknown;
  readonly captures: CaptureValues;
  readonly vars: ReadonlyMap<string, unknown>;
}

/** What a chain is once one of its links with `?.` was nullish. */
const SHORT = Symbol('short-circuited');

type Value = never;

/** @throws whatever JavaScript throws there, e.g. a TypeError for a member of null */
export function evaluate(e: Expr, env: EvaluateEnv): unknown {
  const value = (inner: Expr): unknown => evaluate(inner, env);
  switch (e.k) {
    case 'const':
      return e.v;
    case 'special':
      return { undefined: undefined, NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY }[e.name];
    case 'capture':
      return captured(env.captures[e.name], e.name);
    case 'record':
      return env.record;
    case 'var':
      return env.vars.get(e.name);
    case 'let':
      return evaluate(e.in, { ...env, vars: new Map(env.vars).set(e.name, value(e.e)) });
    case 'get':
      return link(e, env, (on) => (on as Record<string, unknown>)[e.name]);
    case 'index':
      return link(e, env, (on) => (on as Record<string, unknown>)[value(e.i) as string]);
    case 'call':
      return link(e, env, (on) => call(on, e.m, e.args, env));
    case 'quant':
      return link(e, env, (on) =>
        (on as unknown[])[e.m]((x) =>
          evaluate(e.body, { ...env, vars: new Map(env.vars).set(e.name, x) }),
        ),
      );
    case 'chain': {
      const result = value(e.e);
      return result === SHORT ? undefined : result;
    }
    case 'unary':
      return unary(e.op, value(e.e));
    case 'binary':
      return binary(e.op, value(e.a), value(e.b));
    case 'logical':
      return logical(e, value);
    case 'if':
      return value(e.c) ? value(e.a) : value(e.b);
    case 'math':
      return (Math[e.m] as (...args: unknown[]) => number)(...e.args.map(value));
    case 'date':
      return new Date(value(e.e) as Value);
    case 'list':
      return e.items.map(value);
    case 'template':
      return e.parts.map((part) => `${value(part) as string}`).join('');
    case 'regex':
      return new RegExp(e.source, e.flags).test(value(e.e) as Value);
    case 'reverse':
      return link({ ...e, on: e.e }, env, (on) => (on as string).split('').reverse().join(''));
  }
}

function captured(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, THROWS))
    throw new TypeError(`The captured "${name}" has no value`);
  return value;
}

function link(
  e: { readonly on: Expr; readonly opt?: true },
  env: EvaluateEnv,
  then: (on: unknown) => unknown,
): unknown {
  const on = evaluate(e.on, env);
  if (on === SHORT || (e.opt === true && on == null)) return SHORT;
  return then(on);
}

function call(on: unknown, method: string, args: readonly Expr[], env: EvaluateEnv): unknown {
  // JavaScript looks the method up before it evaluates the arguments; both throw alike
  const receiver = on as Record<string, (...args: unknown[]) => unknown>;
  const fn = receiver[method] as (...args: unknown[]) => unknown;
  return fn.apply(
    on,
    args.map((argument) => evaluate(argument, env)),
  );
}

function unary(op: Extract<Expr, { k: 'unary' }>['op'], x: unknown): unknown {
  switch (op) {
    case '!':
      return !x;
    case '-':
      return -(x as Value);
    case '+':
      return +(x as Value);
    case 'nullish':
      return x == null;
  }
}

function binary(op: Extract<Expr, { k: 'binary' }>['op'], x: unknown, y: unknown): unknown {
  const [a, b] = [x as Value, y as Value];
  switch (op) {
    case '===':
      return a === b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '+':
      return (a as number) + (b as number);
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case 'in':
      return a in (b as object);
  }
}

function logical(e: Extract<Expr, { k: 'logical' }>, value: (e: Expr) => unknown): unknown {
  const a = value(e.a);
  switch (e.op) {
    case '&&':
      return a ? value(e.b) : a;
    case '||':
      return a ? a : value(e.b);
    case '??':
      return a ?? value(e.b);
  }
}
