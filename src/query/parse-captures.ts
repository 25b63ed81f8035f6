/** Finds what a lambda takes from outside: variables, and chains of members of them such as `event.user.id`. */
import { THROWS } from './ir';
import type { AnyNode } from './oxc';
import type { ParseContext, Scope } from './parse-context';

interface Link {
  readonly text: string;
  readonly optional: boolean;
}

export interface CaptureChain {
  readonly root: string;
  readonly links: readonly Link[];
}

/** `node` without what only TypeScript sees: casts, `!`, `satisfies`. */
export function bare(node: AnyNode): AnyNode {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
      return bare(node.expression);
    default:
      return node;
  }
}

/** The chain that `node` is, if its root is a variable from outside and nothing in it depends on the record. */
export function captureChain(
  node: AnyNode,
  scope: Scope,
  context: ParseContext,
): CaptureChain | undefined {
  const inner = bare(node);
  switch (inner.type) {
    case 'Identifier':
      return scope.names.has(inner.name) || isKnownGlobal(inner.name, scope, context)
        ? undefined
        : { root: inner.name, links: [] };
    case 'ChainExpression':
      return captureChain(inner.expression, scope, context);
    case 'MemberExpression': {
      // `(a?.b).c` throws where `a?.b.c` does not: the inner chain is a capture of its own
      if (bare(inner.object).type === 'ChainExpression') return undefined;
      const chain = captureChain(inner.object, scope, context);
      const link = chain && linkOf(inner, scope, context);
      return link && { root: chain.root, links: [...chain.links, link] };
    }
    default:
      return undefined;
  }
}

type Member = Extract<AnyNode, { type: 'MemberExpression' }>;

function linkOf(member: Member, scope: Scope, context: ParseContext): Link | undefined {
  const { optional } = member;
  const property = bare(member.property);
  if (!member.computed) {
    return property.type === 'Identifier' ? { text: property.name, optional } : undefined;
  }
  if (property.type === 'Literal' && ['string', 'number'].includes(typeof property.value)) {
    return { text: `[${context.textOf(property)}]`, optional };
  }
  const index = captureChain(property, scope, context);
  return index && { text: `[${textOf(index)}]`, optional };
}

/** The chain's own text, without TypeScript. */
export function textOf({ root, links }: CaptureChain): string {
  return links.reduce((text, { text: link, optional }) => {
    const dot = optional ? '?.' : link.startsWith('[') ? '' : '.';
    return text + dot + link;
  }, root);
}

/**
 * An expression for the chain's value. Where JavaScript may never evaluate the chain, failing to is part of the value:
 * the lambda throws for those records only that get that far.
 */
export function valueText(chain: CaptureChain, certain: boolean): string {
  const text = textOf(chain);
  const mayThrow = chain.links.some(({ optional }) => !optional);
  if (certain || !mayThrow) return text;
  return `(() => { try { return ${text}; } catch { return { ${JSON.stringify(THROWS)}: true }; } })()`;
}

const GLOBALS = new Set(['undefined', 'NaN', 'Infinity', 'Math', 'Date', 'Number']);

const isKnownGlobal = (name: string, scope: Scope, context: ParseContext): boolean =>
  GLOBALS.has(name) && context.isGlobal(name, scope);
