/** Calls: methods of texts, lists and Dates, `Math`, tests of regular expressions. */
import type { Expr, MathFunction } from './ir';
import { insteadOf, MATH, METHODS } from './methods';
import type { AnyNode, LambdaNode } from './oxc';
import { bare } from './parse-captures';
import { conditional, type Parse, type ParseContext, type Scope } from './parse-context';
import { parseFunction } from './parse-function';

type Call = Extract<AnyNode, { type: 'CallExpression' }>;
type Member = Extract<AnyNode, { type: 'MemberExpression' }>;
type ParseHere = (node: AnyNode) => Expr;

export function parseCall(call: Call, scope: Scope, context: ParseContext, parseIn: Parse): Expr {
  const parse: ParseHere = (node) => parseIn(node, scope);
  const callee = bare(call.callee);
  if (call.optional)
    return context.refuse(call, 'A call with "?." is not needed: the method exists');
  if (callee.type !== 'MemberExpression') {
    const name = callee.type === 'Identifier' ? `"${callee.name}"` : 'This function';
    return context.refuse(call, `${name} cannot be called in a query`, insteadOf(''));
  }
  const property = bare(callee.property);
  if (callee.computed || property.type !== 'Identifier')
    return context.refuse(call, 'The name of a method must be written out');
  const { name } = property;
  const object = bare(callee.object);
  if (object.type === 'Identifier' && context.isGlobal(object.name, scope)) {
    if (object.name === 'Math') return parseMath(call, name, context, parse);
    if (['Date', 'Number', 'Object', 'JSON', 'Array', 'String'].includes(object.name))
      return context.refuse(
        call,
        `"${object.name}.${name}" cannot be called in a query`,
        insteadOf(name),
      );
  }
  if (object.type === 'Literal' && 'regex' in object && name === 'test') {
    const [e] = argumentsOf(call, name, { min: 1, max: 1 }, context);
    const { pattern: source, flags } = object.regex;
    return { k: 'regex', source, flags, e: parse(e as AnyNode), at: context.at(call) };
  }
  if (name === 'some' || name === 'every')
    return parseQuantifier(call, callee, name, scope, context, parseIn);
  if (name === 'join') return parseReverse(call, callee, context, parse);
  return parseMethod(call, callee, name, context, parse);
}

function parseMethod(
  call: Call,
  callee: Member,
  name: string,
  context: ParseContext,
  parse: ParseHere,
): Expr {
  const arity = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (arity === undefined)
    return context.refuse(call, `The method "${name}" cannot be used in a query`, insteadOf(name));
  const on = parse(callee.object);
  const args = argumentsOf(call, name, arity, context).map((argument) => parse(argument));
  return { k: 'call', m: name, on, args, ...optional(callee), at: context.at(call) };
}

function argumentsOf(
  call: Call,
  name: string,
  { min, max }: { min: number; max: number },
  context: ParseContext,
): AnyNode[] {
  const args: AnyNode[] = call.arguments;
  const spread = args.find(({ type }) => type === 'SpreadElement');
  if (spread !== undefined) context.refuse(spread, 'A spread cannot be used in a query');
  if (args.length >= min && args.length <= max) return args;
  const expected = min === max ? String(min) : `${min} to ${max}`;
  return context.refuse(
    call,
    `"${name}" takes ${expected} ${max === 1 ? 'argument' : 'arguments'} in a query, got ${args.length}`,
  );
}

const optional = (callee: Member): { opt?: true } => (callee.optional ? { opt: true } : {});

function parseMath(call: Call, name: string, context: ParseContext, parse: ParseHere): Expr {
  if (!Object.hasOwn(MATH, name))
    return context.refuse(call, `"Math.${name}" cannot be used in a query`, insteadOf(name));
  const m = name as MathFunction;
  const args = argumentsOf(call, `Math.${m}`, MATH[m], context).map((argument) => parse(argument));
  return { k: 'math', m, args, at: context.at(call) };
}

/** `list.some((x) => …)`, `list.every((x) => …)` */
function parseQuantifier(
  call: Call,
  callee: Member,
  m: 'some' | 'every',
  scope: Scope,
  context: ParseContext,
  parse: Parse,
): Expr {
  const [argument] = argumentsOf(call, m, { min: 1, max: 1 }, context);
  const predicate = bare(argument as AnyNode);
  if (predicate.type !== 'ArrowFunctionExpression' && predicate.type !== 'FunctionExpression')
    return context.refuse(predicate, `"${m}" takes an inline function in a query`);
  const on = parse(callee.object, scope);
  const name = context.fresh('x');
  const body = parseFunction(
    predicate as LambdaNode,
    (at) => ({ k: 'var', name, at }),
    conditional(scope),
    context,
    parse,
  );
  return { k: 'quant', m, on, name, body, ...optional(callee), at: context.at(call) };
}

/** `text.split('').reverse().join('')`, JavaScript's way of saying "backwards". */
function parseReverse(call: Call, join: Member, context: ParseContext, parse: ParseHere): Expr {
  const reverse = calledMember(join.object, 'reverse');
  const split = reverse && calledMember(reverse.member.object, 'split');
  const isEmptyText = (args: readonly AnyNode[]): boolean =>
    args.length === 1 && args[0]?.type === 'Literal' && args[0].value === '';
  if (
    split === undefined ||
    !isEmptyText(call.arguments) ||
    !isEmptyText(split.args) ||
    reverse?.args.length !== 0
  ) {
    return context.refuse(call, 'The method "join" cannot be used in a query', insteadOf('split'));
  }
  const e = parse(split.member.object);
  return { k: 'reverse', e, ...optional(split.member), at: context.at(call) };
}

function calledMember(
  node: AnyNode,
  name: string,
): { member: Member; args: readonly AnyNode[] } | undefined {
  const call = bare(node);
  if (call.type !== 'CallExpression' || call.optional) return undefined;
  const member = bare(call.callee);
  if (member.type !== 'MemberExpression' || member.computed) return undefined;
  const property = bare(member.property);
  if (property.type !== 'Identifier' || property.name !== name) return undefined;
  return { member, args: call.arguments };
}
