/** What a module exports, as far as definitions go: the loader's part of following an import to its definition. */
import type { AnyNode, Program } from './oxc';
import { definitionOf, type DefinitionRef } from './module-refs';
import { type ModuleScope, requiredBy } from './scopes';

export interface ModuleExports {
  readonly definitions: ReadonlyMap<string, DefinitionRef>;
  /** The modules of `export * from`. */
  readonly stars: readonly string[];
}

export function exportsOf({ body }: Program, scope: ModuleScope): ModuleExports {
  const definitions = new Map<string, DefinitionRef>();
  const stars: string[] = [];
  const add = (name: string, node: AnyNode): void => {
    const definition = definitionOf(node, scope);
    if (definition !== undefined) definitions.set(name, definition);
  };
  for (const statement of body) {
    switch (statement.type) {
      case 'ExportAllDeclaration':
        if (statement.exported === null) stars.push(statement.source.value);
        break;
      case 'ExportDefaultDeclaration':
        add('default', statement.declaration);
        break;
      case 'ExportNamedDeclaration':
        for (const { local, exported } of statement.specifiers) {
          const from = statement.source?.value;
          if (from !== undefined)
            definitions.set(nameOf(exported), { k: 'export', from, exported: nameOf(local) });
          else if (local.type === 'Identifier') add(nameOf(exported), local);
        }
        if (statement.declaration?.type === 'VariableDeclaration') {
          for (const { id } of statement.declaration.declarations)
            if (id.type === 'Identifier') add(id.name, id);
        }
        break;
      case 'ExpressionStatement':
        assigned(statement.expression, add, stars);
    }
  }
  return { definitions, stars };
}

type Name = { readonly name: string } | { readonly value: string };
const nameOf = (name: Name): string => ('name' in name ? name.name : name.value);

/** CommonJS: `exports.Users = …` and `__exportStar(require('./stores'), exports)`. */
function assigned(
  expression: AnyNode,
  add: (name: string, node: AnyNode) => void,
  stars: string[],
): void {
  if (expression.type === 'AssignmentExpression') {
    const { left, right } = expression;
    if (left.type !== 'MemberExpression' || left.computed) return;
    const isExports = left.object.type === 'Identifier' && left.object.name === 'exports';
    if (isExports && left.property.type === 'Identifier') add(left.property.name, right);
    return;
  }
  if (expression.type !== 'CallExpression') return;
  const { callee, arguments: args } = expression;
  const called = callee.type === 'MemberExpression' ? callee.property : callee;
  const [first] = args;
  if (called.type !== 'Identifier' || called.name !== '__exportStar') return;
  const from = first === undefined ? undefined : requiredBy(first);
  if (from !== undefined) stars.push(from);
}
