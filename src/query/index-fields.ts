/**
 * Which fields of a datastore an index would serve a lambda by: `indexFields(body)` → paths such as `v.age`, `v.tags`,
 * `v.prices.k`. Works before captures are known, at worker start: what is asked of a field is known from its form.
 */
import { pathOf, RECORD } from './plain/positions';
import type { Op, Typed } from './typed';

export function indexFields(body: Typed): string[] {
  const found = new Set<string>();
  visit(body, found, undefined);
  return [...found].sort();
}

/** The list whose elements the names of enclosing `some` and `every` stand for. */
type Elements =
  { readonly name: string; readonly path: string; readonly outer: Elements } | undefined;

const COMPARISONS = new Set<Op>(['eq', 'lt', 'le', 'gt', 'ge', 'startsWith', 'nullish']);
/** What the back end turns into a range or a regular expression with a fixed start. */
const DERIVED = new Set<Op>([
  ...(['length', 'indexOf', 'lower', 'upper', 'slice', 'reverse', 'concat'] as const),
  ...(['getTime', 'getUTCFullYear', 'size'] as const),
]);

function visit(node: Typed, found: Set<string>, elements: Elements): void {
  const inner = (next: Typed): void => visit(next, found, elements);
  const add = (path: string | undefined): void => {
    if (path !== undefined) found.add(path);
  };
  switch (node.k) {
    case 'not':
      return inner(node.e);
    case 'and':
    case 'or':
    case 'coalesce':
      inner(node.a);
      return inner(node.b);
    case 'if':
      [node.c, node.a, node.b].forEach(inner);
      return;
    case 'safe':
    case 'strict':
      return inner(node.in);
    case 'quant': {
      const path = pathIn(node.list, elements);
      if (path === undefined) return;
      return visit(node.body, found, { name: node.name, path, outer: elements });
    }
    case 'unknown':
      // e.g. `ids.includes(u.id)`, `ids.some((id) => …)` with `ids` captured
      for (const part of node.parts) {
        add(pathIn(part, elements));
        inner(part);
      }
      return;
    case 'regex':
      if (/^\^[A-Za-z0-9]/.test(node.source) && !node.flags.includes('i'))
        add(pathIn(node.e, elements));
      return;
    case 'op':
      return operation(node, add, inner, elements);
    case 'field':
    case 'elem':
      if (node.type.base === 'bool' || node.type.base === 'str') add(pathIn(node, elements));
      return;
    default:
      return;
  }
}

function operation(
  node: Typed & { readonly k: 'op' },
  add: (path: string | undefined) => void,
  inner: (node: Typed) => void,
  elements: Elements,
): void {
  const [a, b] = node.args;
  if (a === undefined) return;
  if (node.op === 'contains' || node.op === 'has') {
    const [list, sought] = node.op === 'has' ? [b as Typed, a] : [a, b as Typed];
    if (isClosed(list)) return add(valuePath(sought, elements));
    const path = isClosed(sought) ? pathIn(list, elements) : undefined;
    return add(path !== undefined && node.op === 'has' ? `${path}.k` : path);
  }
  if (!COMPARISONS.has(node.op)) return;
  if (node.op === 'nullish' || (b !== undefined && isClosed(b))) {
    inChoices(a, (value) => add(valuePath(value, elements)), inner);
  } else if (b !== undefined && isClosed(a) && node.op !== 'startsWith') {
    inChoices(b, (value) => add(valuePath(value, elements)), inner);
  }
}

/** `u.age ?? 0` is compared as `u.age` and as 0. */
function inChoices(node: Typed, use: (value: Typed) => void, inner: (node: Typed) => void): void {
  switch (node.k) {
    case 'coalesce':
      use(node.a);
      return use(node.b);
    case 'safe':
      return use(node.in);
    case 'if':
      inner(node.c);
      use(node.a);
      return use(node.b);
    default:
      return use(node);
  }
}

/** The path whose index answers a question about the value. */
function valuePath(node: Typed, elements: Elements): string | undefined {
  if (node.k !== 'op') return pathIn(node, elements);
  const [a, b] = node.args;
  if (a === undefined) return undefined;
  if (node.op === 'at') return pathIn(a, elements);
  if (node.op === 'entry') {
    const path = b !== undefined && isClosed(b) ? pathIn(a, elements) : undefined;
    return path === undefined ? undefined : `${path}.k`;
  }
  if (!DERIVED.has(node.op)) return undefined;
  const open = node.args.filter((arg) => !isClosed(arg));
  return open.length === 1 ? pathIn(open[0] as Typed, elements) : undefined;
}

function pathIn(node: Typed, elements: Elements): string | undefined {
  for (let e = elements; e !== undefined; e = e.outer) {
    if (node.k === 'elem' && node.name === e.name) return e.path;
    const inside = pathOf(node, { k: 'elem', name: e.name });
    if (inside !== undefined) return `${e.path}.${inside.path}`;
  }
  return pathOf(node, RECORD)?.path;
}

const isClosed = (node: Typed): boolean =>
  node.k === 'const' || (node.k === 'unknown' && node.parts.every(isClosed));
