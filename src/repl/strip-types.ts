import type { Edit } from '../query/edits';
import type { AnyNode } from '../query/oxc';
import { childrenOf } from '../query/scopes';

/**
 * The edits that make JavaScript of TypeScript, as far as types can be left out: no enums, namespaces or parameter
 * properties, about which JavaScript then complains.
 */
export function stripTypes(node: AnyNode, text: string): Edit[] {
  const blank = (start: number, end: number): Edit => ({ start, end, text: ' ' });
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSTypeAnnotation':
    case 'TSTypeParameterDeclaration':
    case 'TSTypeParameterInstantiation':
      return [blank(node.start, node.end)];
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
      return [...stripTypes(node.expression, text), blank(endOf(node.expression, text), node.end)];
  }
  const edits = childrenOf(node).flatMap((child) => stripTypes(child, text));
  // the mark of a parameter `a?: string`
  if (node.type === 'Identifier' && (node as { optional?: boolean }).optional === true) {
    const mark = text.indexOf('?', node.start + node.name.length);
    edits.push(blank(mark, mark + 1));
  }
  return edits;
}

/** Behind the brackets around it, which the syntax tree leaves out. */
function endOf({ end }: AnyNode, text: string): number {
  const [brackets = ''] = /^\s*\)[\s)]*/.exec(text.slice(end)) ?? [];
  return end + brackets.trimEnd().length;
}
