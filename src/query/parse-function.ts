/** Functions: parameters, destructuring, bodies of consts and one return. */
import type { Expr, Span } from './ir';
import type { AnyNode, LambdaNode } from './oxc';
import {
  conditional,
  type Parse,
  type ParseContext,
  type Scope,
  withName,
  withVariable,
} from './parse-context';
import { isCounter } from './parse-counters';

/** What is bound before the body: in order, each for the rest of the function. */
interface Binding {
  readonly name: string;
  readonly e: Expr;
}

/** The body of `node` as one expression, its parameter standing for what `parameter` makes. */
export function parseFunction(
  node: LambdaNode,
  parameter: (at: Span) => Expr,
  outer: Scope,
  context: ParseContext,
  parse: Parse,
): Expr {
  if (node.async)
    return context.refuse(node, 'The lambda of a query cannot be async', 'await before it');
  if (node.type !== 'ArrowFunctionExpression' && node.generator)
    return context.refuse(node, 'The lambda of a query cannot be a generator');
  const bindings: Binding[] = [];
  let scope = outer;
  // The function's own name is of no use in a query, but it hides a name from outside.
  if (node.type === 'FunctionExpression' && node.id != null)
    scope = withName(scope, node.id.name, (at) =>
      context.refuseAt(at, 'The lambda of a query cannot call itself'),
    );
  const params = node.params.filter((p) => !(p.type === 'Identifier' && p.name === 'this'));
  const [first, second] = params as AnyNode[];
  if (second !== undefined)
    return context.refuse(second, 'The function of a query has one parameter');
  if (first?.type === 'AssignmentPattern')
    return context.refuse(
      first,
      'The parameter of a query always has a value, it needs no default one',
    );
  if (first !== undefined) scope = bindPattern(first, parameter, scope, bindings, context, parse);
  const { body } = node;
  if (body == null) return context.refuse(node, 'The lambda of a query needs a body');
  const value =
    body.type === 'BlockStatement'
      ? parseBlock(body.body, scope, bindings, context, parse)
      : parse(body, scope);
  return bindings.reduceRight<Expr>(
    (rest, { name, e }) => ({ k: 'let', name, e, in: rest, at: rest.at }),
    value,
  );
}

/** Binds the names of a parameter or of `const { … } = …`; each member becomes a variable of its own. */
function bindPattern(
  pattern: AnyNode,
  value: (at: Span) => Expr,
  scope: Scope,
  bindings: Binding[],
  context: ParseContext,
  parse: Parse,
): Scope {
  switch (pattern.type) {
    case 'Identifier':
      return withName(scope, pattern.name, value);
    case 'ObjectPattern':
      return pattern.properties.reduce<Scope>(
        (inner, property) => bindProperty(property, value, inner, bindings, context, parse),
        nonEmpty(pattern, scope, context),
      );
    case 'AssignmentPattern': {
      // As JavaScript has it: in place of undefined, and not of null
      const at = context.at(pattern);
      const name = context.fresh('v');
      const absent: Expr = { k: 'special', name: 'undefined', at };
      const c: Expr = { k: 'binary', op: '===', a: value(at), b: absent, at };
      const a = parse(pattern.right, conditional(scope));
      bindings.push({ name, e: { k: 'if', c, a, b: value(at), at } });
      const variable = (used: Span): Expr => ({ k: 'var', name, at: used });
      return bindPattern(pattern.left, variable, scope, bindings, context, parse);
    }
    case 'RestElement':
      return context.refuse(pattern, 'A rest parameter cannot be used in a query');
    default:
      return context.refuse(
        pattern,
        'This pattern cannot be used in a query',
        'name the members: "{ a, b }"',
      );
  }
}

function nonEmpty(
  pattern: Extract<AnyNode, { type: 'ObjectPattern' }>,
  scope: Scope,
  context: ParseContext,
): Scope {
  if (pattern.properties.length > 0) return scope;
  return context.refuse(pattern, 'An empty pattern names nothing', 'name the members: "{ a, b }"');
}

function bindProperty(
  property: AnyNode,
  value: (at: Span) => Expr,
  scope: Scope,
  bindings: Binding[],
  context: ParseContext,
  parse: Parse,
): Scope {
  if (property.type !== 'Property')
    return context.refuse(property, 'A rest pattern cannot be used in a query');
  const key: AnyNode = property.key;
  const member =
    !property.computed && key.type === 'Identifier'
      ? key.name
      : key.type === 'Literal' && typeof key.value === 'string'
        ? key.value
        : context.refuse(key, 'The name of a member must be written out');
  const at = context.at(property);
  const name = context.fresh('v');
  bindings.push({ name, e: { k: 'get', on: value(at), name: member, at } });
  const variable = (used: Span): Expr => ({ k: 'var', name, at: used });
  return bindPattern(property.value, variable, scope, bindings, context, parse);
}

/** The names that the consts of a block declare. */
function declared(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((s) =>
    s.type === 'VariableDeclaration' ? s.declarations.flatMap(({ id }) => namesOf(id)) : [],
  );
}

export function namesOf(pattern: AnyNode | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) =>
        namesOf(p.type === 'Property' ? p.value : p.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesOf);
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    case 'RestElement':
      return namesOf(pattern.argument);
    case 'TSParameterProperty':
      return namesOf(pattern.parameter);
    default:
      return [];
  }
}

const withEarlyUse =
  (context: ParseContext) =>
  (scope: Scope, name: string): Scope =>
    withName(scope, name, ([start, end]) =>
      context.refuseAt([start, end], `"${name}" is used above the line that gives it a value`),
    );

function parseBlock(
  statements: readonly AnyNode[],
  outer: Scope,
  bindings: Binding[],
  context: ParseContext,
  parse: Parse,
): Expr {
  // A const used above its line throws in JavaScript; it must not be taken for a name from outside.
  let scope = declared(statements).reduce(withEarlyUse(context), outer);
  const lines = statements.filter(
    (s) => !(s.type === 'ExpressionStatement' && isCounter(s.expression)),
  );
  for (const [i, statement] of lines.entries()) {
    if (statement.type === 'ReturnStatement' && i === lines.length - 1) {
      if (statement.argument == null) break;
      return parse(statement.argument, scope);
    }
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') {
      return context.refuse(
        statement,
        'The body of a query is consts and one return',
        statement.type === 'IfStatement'
          ? 'write "a ? b : c", "&&" or "||"'
          : 'write one expression',
      );
    }
    for (const { id, init } of statement.declarations) {
      if (init == null) return context.refuse(statement, 'A const needs a value');
      const name = context.fresh('v');
      bindings.push({ name, e: parse(init, scope) });
      scope =
        id.type === 'Identifier'
          ? withVariable(scope, id.name, name)
          : bindPattern(id, (at) => ({ k: 'var', name, at }), scope, bindings, context, parse);
    }
  }
  const last = statements.at(-1);
  const reason = 'The body of a query needs to return a value at its end';
  return last === undefined
    ? context.refuse({ start: 0, end: 0 }, reason)
    : context.refuse(last, reason);
}
