/** The counters that coverage tools put into functions; the text of a function in Node has them. */
import type { AnyNode } from './oxc';
import type { ParseContext } from './parse-context';

/** Coverage tools write `(cov_1().b[0][0]++, x)` for `x`: the last part, if all others are such counters. */
export function withoutCounters(
  node: Extract<AnyNode, { type: 'SequenceExpression' }>,
  context: ParseContext,
): AnyNode {
  const last = node.expressions.at(-1);
  if (last !== undefined && node.expressions.slice(0, -1).every(isCounter)) return last;
  return context.refuse(node, 'The comma operator cannot be used in a query');
}

export function isCounter(node: AnyNode): boolean {
  if (node.type !== 'UpdateExpression') return false;
  let root: AnyNode = node.argument;
  while (root.type === 'MemberExpression') root = root.object;
  return (
    root.type === 'CallExpression' &&
    root.callee.type === 'Identifier' &&
    root.callee.name.startsWith('cov_')
  );
}
