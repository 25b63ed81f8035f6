/** Expressions: ESTree to IR. */
import { ARITHMETIC, type BinaryOperator, type Expr, RELATIONAL } from './ir';
import { CONSTANTS } from './methods';
import type { AnyNode } from './oxc';
import { parseCall } from './parse-calls';
import { withoutCounters } from './parse-counters';
import { bare, captureChain, textOf, valueText } from './parse-captures';
import { conditional, type ParseContext, type Scope } from './parse-context';

type Of<T extends AnyNode['type']> = Extract<AnyNode, { type: T }>;

export function parseExpression(node: AnyNode, scope: Scope, context: ParseContext): Expr {
  return context.nested(node, () => parseNode(node, scope, context));
}

function parseNode(node: AnyNode, scope: Scope, context: ParseContext): Expr {
  const captured = parseCapture(node, scope, context);
  if (captured !== undefined) return captured;
  const at = context.at(node);
  const parse = (part: AnyNode, within = scope): Expr => parseExpression(part, within, context);
  const inner = bare(node);
  switch (inner.type) {
    case 'Literal':
      return parseLiteral(inner, context);
    case 'Identifier':
      return parseIdentifier(inner, scope, context);
    case 'TemplateLiteral':
      return { k: 'template', parts: templateParts(inner, parse, context), at };
    case 'ArrayExpression':
      return {
        k: 'list',
        items: inner.elements.map((e) => parseElement(e, inner, parse, context)),
        at,
      };
    case 'ChainExpression':
      return { k: 'chain', e: parse(inner.expression), at };
    case 'MemberExpression':
      return parseMember(inner, parse, scope, context);
    case 'CallExpression':
      return parseCall(inner, scope, context, (n, within) => parseExpression(n, within, context));
    case 'NewExpression':
      return parseNew(inner, parse, scope, context);
    case 'UnaryExpression':
      return parseUnary(inner, parse, context);
    case 'BinaryExpression':
      return parseBinary(inner, parse, context);
    case 'LogicalExpression': {
      const a = parse(inner.left);
      return { k: 'logical', op: inner.operator, a, b: parse(inner.right, conditional(scope)), at };
    }
    case 'ConditionalExpression': {
      const c = parse(inner.test);
      const a = parse(inner.consequent, conditional(scope));
      return { k: 'if', c, a, b: parse(inner.alternate, conditional(scope)), at };
    }
    case 'SequenceExpression':
      return parse(withoutCounters(inner, context));
    default:
      return context.refuse(node, `${nameOf(inner)} cannot be used in a query`, adviceOn(inner));
  }
}

/** Parses a part in the same scope. */
type ParseHere = (node: AnyNode, within?: Scope) => Expr;

function parseCapture(node: AnyNode, scope: Scope, context: ParseContext): Expr | undefined {
  const chain = captureChain(node, scope, context);
  if (chain === undefined || (chain.links.length > 0 && !context.source.chains)) return undefined;
  const name = textOf(chain);
  context.capture(name, valueText(chain, !scope.conditional), !scope.conditional);
  return { k: 'capture', name, at: context.at(node) };
}

function parseLiteral(node: Of<'Literal'>, context: ParseContext): Expr {
  const at = context.at(node);
  const { value } = node;
  if (value === Infinity) return { k: 'special', name: 'Infinity', at };
  if (typeof value === 'bigint')
    return context.refuse(
      node,
      'A BigInt cannot be compared with a stored number',
      'write a Number',
    );
  if ('regex' in node)
    return context.refuse(
      node,
      'A regular expression can only be tested',
      'write "/…/.test(text)"',
    );
  return { k: 'const', v: value as string | number | boolean | null, at };
}

function parseIdentifier(node: Of<'Identifier'>, scope: Scope, context: ParseContext): Expr {
  const at = context.at(node);
  const bound = scope.names.get(node.name);
  if (bound !== undefined) return bound(at);
  const { name } = node;
  if (name === 'undefined' || name === 'NaN' || name === 'Infinity')
    return { k: 'special', name, at };
  return context.refuse(node, `"${name}" is no value that a query can compare`);
}

function parseElement(
  element: AnyNode | null,
  list: AnyNode,
  parse: ParseHere,
  context: ParseContext,
): Expr {
  if (element === null) return context.refuse(list, 'A list with holes cannot be used in a query');
  return parse(element);
}

function templateParts(
  node: Of<'TemplateLiteral'>,
  parse: ParseHere,
  context: ParseContext,
): Expr[] {
  return node.quasis.flatMap((quasi, i) => {
    const { cooked } = quasi.value;
    if (cooked == null) return context.refuse(quasi, 'This text has an escape that means nothing');
    const text: Expr[] = cooked === '' ? [] : [{ k: 'const', v: cooked, at: context.at(quasi) }];
    const expression = node.expressions[i];
    return expression === undefined ? text : [...text, parse(expression)];
  });
}

function parseMember(
  node: Of<'MemberExpression'>,
  parse: ParseHere,
  scope: Scope,
  context: ParseContext,
): Expr {
  const at = context.at(node);
  const opt = node.optional ? ({ opt: true } as const) : {};
  const property = bare(node.property);
  if (property.type === 'PrivateIdentifier')
    return context.refuse(node, 'A private member cannot be used in a query');
  const object = bare(node.object);
  if (object.type === 'Identifier' && context.isGlobal(object.name, scope)) {
    const constant = CONSTANTS[context.textOf(node)];
    if (constant !== undefined) return { k: 'const', v: constant, at };
  }
  if (!node.computed && property.type === 'Identifier')
    return { k: 'get', on: parse(object), name: property.name, ...opt, at };
  // `u['name']` is `u.name`
  if (property.type === 'Literal' && typeof property.value === 'string')
    return { k: 'get', on: parse(object), name: property.value, ...opt, at };
  return { k: 'index', on: parse(object), i: parse(property), ...opt, at };
}

function parseNew(
  node: Of<'NewExpression'>,
  parse: ParseHere,
  scope: Scope,
  context: ParseContext,
): Expr {
  const callee = bare(node.callee);
  if (callee.type !== 'Identifier' || callee.name !== 'Date' || !context.isGlobal('Date', scope))
    return context.refuse(node, 'Only "new Date(x)" can be made in a query');
  const [argument] = node.arguments;
  if (argument === undefined || argument.type === 'SpreadElement' || node.arguments.length > 1) {
    const reason =
      argument === undefined
        ? '"new Date()" is another time for each record'
        : '"new Date" takes one argument in a query';
    return context.refuse(node, reason, 'make it before the query: "const now = new Date()"');
  }
  return { k: 'date', e: parse(argument), at: context.at(node) };
}

function parseUnary(node: Of<'UnaryExpression'>, parse: ParseHere, context: ParseContext): Expr {
  const at = context.at(node);
  const { operator } = node;
  switch (operator) {
    case '!':
    case '-':
    case '+':
      return { k: 'unary', op: operator, e: parse(node.argument), at };
    case 'void':
      if (bare(node.argument).type === 'Literal') return { k: 'special', name: 'undefined', at };
      break;
    case 'typeof':
      return context.refuse(
        node,
        '"typeof" is not needed: the schema says the types',
        'compare with null or undefined',
      );
  }
  return context.refuse(node, `The operator "${operator}" cannot be used in a query`);
}

const SAME = new Set<string>([...ARITHMETIC, ...RELATIONAL, '===', 'in']);

function parseBinary(node: Of<'BinaryExpression'>, parse: ParseHere, context: ParseContext): Expr {
  const at = context.at(node);
  const { operator } = node;
  if (operator === '==' || operator === '!=') return parseLoose(node, operator, parse, context);
  if (operator !== '!==' && !SAME.has(operator))
    return context.refuse(node, `The operator "${operator}" cannot be used in a query`);
  const a = parse(node.left);
  const b = parse(node.right);
  if (operator !== '!==') return { k: 'binary', op: operator as BinaryOperator, a, b, at };
  return { k: 'unary', op: '!', e: { k: 'binary', op: '===', a, b, at }, at };
}

/** `x == null`, the one loose comparison that converts nothing. */
function parseLoose(
  node: Of<'BinaryExpression'>,
  operator: '==' | '!=',
  parse: ParseHere,
  context: ParseContext,
): Expr {
  const isNull = (side: AnyNode): boolean => {
    const inner = bare(side);
    if (inner.type === 'Identifier') return inner.name === 'undefined';
    return inner.type === 'Literal' && inner.value === null && inner.raw === 'null';
  };
  const { left, right } = node;
  const tested = isNull(right) ? left : isNull(left) ? right : undefined;
  if (tested === undefined) {
    const text = `${context.textOf(left)} ${operator}= ${context.textOf(right)}`;
    return context.refuse(node, `"${operator}" converts types`, `write "${text}"`);
  }
  const at = context.at(node);
  const test: Expr = { k: 'unary', op: 'nullish', e: parse(tested), at };
  return operator === '==' ? test : { k: 'unary', op: '!', e: test, at };
}

const NAMES: Readonly<Record<string, string>> = {
  AwaitExpression: '"await"',
  YieldExpression: '"yield"',
  AssignmentExpression: 'An assignment',
  UpdateExpression: 'An assignment',
  ObjectExpression: 'An object',
  ThisExpression: '"this"',
  ArrowFunctionExpression: 'A function',
  FunctionExpression: 'A function',
  TaggedTemplateExpression: 'A tagged template',
  ImportExpression: '"import"',
};

const nameOf = (node: AnyNode): string => NAMES[node.type] ?? `This (${node.type})`;

function adviceOn({ type }: AnyNode): string | undefined {
  if (type === 'AwaitExpression') return 'await before the query and use the value';
  if (type === 'ThisExpression') return 'put the value in a const before the query';
  if (type === 'ObjectExpression') return 'compare field by field';
  return undefined;
}
