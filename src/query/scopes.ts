/** Which declaration a name in a module refers to: enough of JavaScript's scopes to tell an import from what hides it. */
import type { AnyNode, Program } from './oxc';
import { namesOf } from './parse-function';

export type Binding =
  | { readonly k: 'import'; readonly from: string; readonly imported: string }
  /** `imported` is everything: `import * as name`. */
  | { readonly k: 'namespace'; readonly from: string }
  /** A `const` or a function declaration: what it holds, and where that stands. */
  | { readonly k: 'const'; readonly init: AnyNode; readonly scope: ModuleScope }
  | { readonly k: 'other' };

export class ModuleScope {
  readonly #bindings = new Map<string, Binding>();

  constructor(readonly parent?: ModuleScope) {}

  declare(name: string, binding: Binding): void {
    this.#bindings.set(name, binding);
  }

  resolve(name: string): Binding | undefined {
    return this.#bindings.get(name) ?? this.parent?.resolve(name);
  }
}

type Declarator = Extract<AnyNode, { type: 'VariableDeclarator' }>;

interface FunctionNode {
  readonly params: readonly AnyNode[];
  readonly body: AnyNode | null;
  readonly id?: { readonly name: string } | null;
}

/** Each is an object of its own, so that two variables of one name can be told apart. */
const other = (): Binding => ({ k: 'other' });
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const BLOCKS = new Set([
  ...['BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement'],
  ...['CatchClause', 'StaticBlock', 'TSModuleBlock', 'ClassExpression', 'ClassDeclaration'],
]);

/** The scope of a module's own declarations; `around` has the names that it need not declare. */
export function moduleScope(program: Program, around?: ModuleScope): ModuleScope {
  const scope = new ModuleScope(around);
  declareAll(program.body, scope);
  declareVars(program, scope);
  return scope;
}

/** Calls `visit` for each node of the module, with the scope that it stands in. */
export function walkModule(
  program: Program,
  scope: ModuleScope,
  visit: (node: AnyNode, scope: ModuleScope) => void,
): void {
  for (const statement of program.body) walk(statement, scope, visit);
}

function walk(
  node: AnyNode,
  outer: ModuleScope,
  visit: (node: AnyNode, scope: ModuleScope) => void,
): void {
  visit(node, outer);
  const scope = scopeOf(node, outer);
  for (const child of childrenOf(node)) walk(child, scope, visit);
}

function scopeOf(node: AnyNode, outer: ModuleScope): ModuleScope {
  if (FUNCTIONS.has(node.type)) {
    const { params, body, id } = node as unknown as FunctionNode;
    const scope = new ModuleScope(outer);
    if (node.type === 'FunctionExpression' && id != null) scope.declare(id.name, other());
    for (const param of params) for (const name of namesOf(param)) scope.declare(name, other());
    if (body != null) declareVars(body, scope);
    return scope;
  }
  if (!BLOCKS.has(node.type)) return outer;
  const scope = new ModuleScope(outer);
  switch (node.type) {
    case 'ClassExpression':
      if (node.id != null) scope.declare(node.id.name, other());
      break;
    case 'CatchClause':
      for (const name of namesOf(node.param)) scope.declare(name, other());
      break;
    case 'SwitchStatement':
      declareAll(
        node.cases.flatMap(({ consequent }) => consequent),
        scope,
      );
      break;
    case 'BlockStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
      declareAll(node.body, scope);
      break;
    case 'ForStatement':
      if (node.init != null) declareAll([node.init], scope);
      break;
    case 'ForInStatement':
    case 'ForOfStatement':
      declareAll([node.left], scope);
      break;
  }
  return scope;
}

/** What the statements of a block declare in it. */
function declareAll(statements: readonly AnyNode[], scope: ModuleScope): void {
  for (const statement of statements) {
    switch (statement.type) {
      case 'ImportDeclaration':
        declareImport(statement, scope);
        break;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        if (statement.declaration != null) declareAll([statement.declaration], scope);
        break;
      case 'VariableDeclaration':
        for (const declarator of statement.declarations)
          declareVariable(declarator, statement.kind, scope);
        break;
      case 'FunctionDeclaration':
        if (statement.id != null)
          scope.declare(statement.id.name, { k: 'const', init: statement, scope });
        break;
      default:
        if ('id' in statement && statement.id != null && 'name' in statement.id)
          scope.declare(String(statement.id.name), other());
    }
  }
}

function declareVariable({ id, init }: Declarator, kind: string, scope: ModuleScope): void {
  if (kind === 'const' && id.type === 'Identifier' && init != null)
    return scope.declare(id.name, { k: 'const', init, scope });
  for (const name of namesOf(id)) scope.declare(name, other());
  if (kind === 'const' && id.type === 'ObjectPattern' && init != null)
    declareMembers(id, init, scope);
  const from = init == null ? undefined : requiredBy(init);
  if (from === undefined || id.type !== 'ObjectPattern') return;
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key, value } = property;
    if (key.type === 'Identifier' && value.type === 'Identifier')
      scope.declare(value.name, { k: 'import', from, imported: key.name });
  }
}

/** `const { a, b: c } = x` as `const a = x.a, c = x.b`. */
function declareMembers(
  { properties }: Extract<AnyNode, { type: 'ObjectPattern' }>,
  object: AnyNode,
  scope: ModuleScope,
): void {
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key, value, start, end } = property;
    if (key.type !== 'Identifier' || value.type !== 'Identifier') continue;
    const member = { type: 'MemberExpression', object, property: key, computed: false, start, end };
    scope.declare(value.name, { k: 'const', init: member as AnyNode, scope });
  }
}

/** `./x`, if the expression is `require('./x')`. */
export function requiredBy(node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  const [argument] = node.arguments;
  const isRequire = node.callee.name === 'require' && argument?.type === 'Literal';
  return isRequire && typeof argument.value === 'string' ? argument.value : undefined;
}

function declareImport(
  node: Extract<AnyNode, { type: 'ImportDeclaration' }>,
  scope: ModuleScope,
): void {
  const from = node.source.value;
  for (const specifier of node.specifiers) {
    const { name } = specifier.local;
    if (specifier.type === 'ImportNamespaceSpecifier') {
      scope.declare(name, { k: 'namespace', from });
    } else if (specifier.type === 'ImportSpecifier') {
      const { imported } = specifier;
      const exported = imported.type === 'Identifier' ? imported.name : imported.value;
      scope.declare(name, { k: 'import', from, imported: exported });
    } else {
      scope.declare(name, { k: 'import', from, imported: 'default' });
    }
  }
}

/** `var` belongs to the function, however deep it stands. */
function declareVars(node: AnyNode, scope: ModuleScope): void {
  if (node.type === 'VariableDeclaration' && node.kind === 'var')
    for (const { id } of node.declarations)
      for (const name of namesOf(id)) scope.declare(name, other());
  for (const child of childrenOf(node)) if (!FUNCTIONS.has(child.type)) declareVars(child, scope);
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';

export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'parent') return [];
    if (Array.isArray(value)) return value.filter(isNode);
    return isNode(value) ? [value] : [];
  });
}
