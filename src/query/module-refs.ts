/** What a name or a member in a module stands for, however it was imported: which is all that tells `DB` and definitions. */
import { type AnyNode } from './oxc';
import { bare } from './parse-captures';
import { type ModuleScope, requiredBy } from './scopes';

/** A definition as a module knows it: by its name, or as what another module (`''`: the same) exports. */
export type DefinitionRef =
  | { readonly k: 'name'; readonly name: string }
  | { readonly k: 'export'; readonly from: string; readonly exported: string };

type Ref =
  | { readonly k: 'export'; readonly from: string; readonly exported: string }
  | { readonly k: 'module'; readonly from: string }
  /** What is no import at all. */
  | { readonly k: 'value'; readonly node: AnyNode; readonly scope: ModuleScope };

const PACKAGE = 'nightshift';
/** A chain of consts longer than this is a circle. */
const MAX_STEPS = 20;

/** What follows `DB.` in a call, e.g. `query`; undefined if it is no call of the package's `DB`. */
export function functionOfDB(callee: AnyNode, scope: ModuleScope, steps = 0): string | undefined {
  const node = bare(callee);
  if (node.type === 'Identifier') {
    const binding = scope.resolve(node.name);
    return binding?.k === 'const' && steps < MAX_STEPS
      ? functionOfDB(binding.init, binding.scope, steps + 1)
      : undefined;
  }
  if (node.type !== 'MemberExpression') return undefined;
  return isExport(refOf(node.object, scope), 'DB') ? memberName(node) : undefined;
}

/** `name` of `x.name` and `x['name']`. */
function memberName({
  computed,
  property,
}: Extract<AnyNode, { type: 'MemberExpression' }>): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  const literal = bare(property);
  return literal.type === 'Literal' && typeof literal.value === 'string'
    ? literal.value
    : undefined;
}

/** True if what is called emits events. */
export const isEmit = (callee: AnyNode, scope: ModuleScope): boolean => {
  const ref = refOf(callee, scope);
  return isExport(ref, 'emit') || isExport(ref, 'emitMany');
};

/** The handler that an expression stands for, or names. */
export function handlerOf(node: AnyNode, scope: ModuleScope): DefinitionRef | undefined {
  const ref = refOf(node, scope);
  return ref?.k === 'value' && ref.node.type === 'Literal' && typeof ref.node.value === 'string'
    ? { k: 'name', name: ref.node.value }
    : definitionOf(node, scope);
}

const DEFINERS = ['datastore', 'worker', 'cron'];

/** The datastore, worker or cron that an expression stands for, as far as the text of this module tells. */
export function definitionOf(node: AnyNode, scope: ModuleScope): DefinitionRef | undefined {
  const ref = refOf(node, scope);
  if (ref?.k === 'export') return ref.from === PACKAGE ? undefined : ref;
  if (ref?.k !== 'value' || ref.node.type !== 'CallExpression') return undefined;
  const { callee, arguments: args } = ref.node;
  const definer = refOf(callee, ref.scope);
  if (!DEFINERS.some((name) => isExport(definer, name))) return undefined;
  const name = args[0] === undefined ? undefined : bare(args[0]);
  return name?.type === 'Literal' && typeof name.value === 'string'
    ? { k: 'name', name: name.value }
    : undefined;
}

const isExport = (ref: Ref | undefined, exported: string): boolean =>
  ref?.k === 'export' && ref.from === PACKAGE && ref.exported === exported;

function refOf(expression: AnyNode, scope: ModuleScope, steps = 0): Ref | undefined {
  if (steps > MAX_STEPS) return undefined;
  const node = bare(expression);
  const from = requiredBy(node);
  if (from !== undefined) return { k: 'module', from };
  switch (node.type) {
    case 'Identifier': {
      if (node.name === 'exports' && scope.resolve('exports') === undefined)
        return { k: 'module', from: '' };
      const binding = scope.resolve(node.name);
      if (binding?.k === 'import')
        return { k: 'export', from: binding.from, exported: binding.imported };
      if (binding?.k === 'namespace') return { k: 'module', from: binding.from };
      return binding?.k === 'const' ? refOf(binding.init, binding.scope, steps + 1) : undefined;
    }
    case 'MemberExpression': {
      const on = refOf(node.object, scope, steps + 1);
      const exported = memberName(node);
      if (on?.k !== 'module' || exported === undefined) return undefined;
      return { k: 'export', from: on.from, exported };
    }
    case 'SequenceExpression': {
      // compiled modules call `(0, nightshift_1.datastore)(…)`
      const last = node.expressions.at(-1);
      return last && refOf(last, scope, steps + 1);
    }
    default:
      return { k: 'value', node, scope };
  }
}
