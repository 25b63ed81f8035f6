/**
 * The back end: a checked lambda, its captures in place, to the filter that finds its records.
 *
 * `toFilter(body)` → `{ filter, recheck }`. Comparisons of a field with a constant are plain conditions, so that indexes
 * serve them; what MongoDB's query operators cannot ask is one `$expr` beside them. With `recheck`, the filter also finds
 * records for which only JavaScript can tell: pass each through `matches` of `evaluate`.
 *
 * For every node there are two filters, of the records for which it is true and for which it is false; those for which
 * JavaScript throws are in neither (facts/queries.md §2).
 */
import { and as allOf, not, or as anyOf } from './expressions/build';
import { ExpressionCompiler } from './expressions/compile';
import type { Lambda } from './ir';
import { mayThrowFor, impliesPresence } from './plain/presence';
import { leafOf } from './plain/leaves';
import { askList } from './plain/lists';
import {
  ALL,
  and,
  expression,
  type Filter,
  isPlain,
  NONE,
  or,
  type Part,
  toFilter as filterOf,
} from './plain/parts';
import { type Base, RECORD } from './plain/positions';
import { askQuantifier } from './plain/quantifiers';
import { render } from './plain/render';
import { QueryError } from './query-error';
import { pushedDown } from './pushed-down';
import { isNullable } from './static-type';
import type { Typed } from './typed';

export interface QueryFilter {
  readonly filter: Filter;
  readonly recheck: boolean;
}

/** @throws {QueryError} if only JavaScript can tell, and nothing else restricts which records it is asked about */
export function toFilter(lambda: Lambda, body: Typed): QueryFilter {
  const part = new FilterCompiler().part(body, true, RECORD) as Part;
  const { recheck } = part;
  if (recheck && !part.restricts) {
    throw new QueryError(lambda, lambda.body.at, {
      reason: 'Only JavaScript can tell this, so it would have to read the whole datastore',
      suggestion: 'add a condition that the server can look up: "u.field === … && …"',
    });
  }
  const filter = filterOf(part);
  if (isTooLarge(filter)) {
    throw new QueryError(lambda, lambda.body.at, {
      reason: 'This query is too large for one filter',
      suggestion: 'split it',
    });
  }
  return { filter, recheck };
}

/** Beyond this, one expression takes less room than conditions that repeat each other. */
const MAX_SIZE = 600;

class FilterCompiler {
  readonly #expressions = new ExpressionCompiler();

  /** Undefined if there is none within an element, where `$expr` cannot be. */
  part(node: Typed, want: boolean, base: Base): Part | undefined {
    const part = this.#structured(node, want, base);
    if (part === undefined || part.size > MAX_SIZE) return this.#expression(node, want, base);
    return part;
  }

  #structured(node: Typed, want: boolean, base: Base): Part | undefined {
    const of = (inner: Typed, answer: boolean): Part | undefined => this.part(inner, answer, base);
    switch (node.k) {
      case 'const':
        return !!node.v === want ? ALL : NONE;
      case 'throw':
        return NONE;
      case 'not':
        return of(node.e, !want);
      case 'and':
      case 'or': {
        const decides = node.k === 'or';
        const [first, second] = [of(node.a, want), of(node.b, want)];
        if (decides !== want) return join(and, first, second);
        // `b` is not asked where `a` throws
        const reached = this.#unlessThrown(node.a, second, () => of(node.a, !want), base);
        return join(or, first, reached);
      }
      case 'if':
        return join(
          or,
          join(and, of(node.c, true), of(node.a, want)),
          join(and, of(node.c, false), of(node.b, want)),
        );
      case 'safe': {
        const present = this.#present(node.guard, of(node.in, want), base);
        return want ? present : join(or, of(nullish(node.guard), true), present);
      }
      case 'coalesce': {
        const absent = join(and, of(nullish(node.a), true), of(node.b, want));
        return join(or, this.#present(node.a, of(node.a, want), base), absent);
      }
      case 'strict':
        return join(and, this.#evaluated(node.first, base), of(node.in, want));
      default:
        return this.#leaf(node, want, base);
    }
  }

  #leaf(node: Typed, want: boolean, base: Base): Part | undefined {
    const leaf = leafOf(node, base);
    if (leaf !== undefined && leaf.position.k !== 'self')
      return render(leaf.position, leaf.value.type, leaf.answers, want);
    const asked =
      askList(node, base) ??
      (node.k === 'quant'
        ? askQuantifier(node, base, (inner, answer, within) => this.part(inner, answer, within))
        : undefined);
    if (asked !== undefined) return want ? asked.yes : asked.no;
    const pushed = pushedDown(node);
    const part = pushed && this.#structured(pushed, want, base);
    if (part !== undefined && isPlain(part)) return part;
    return this.#expression(node, want, base);
  }

  #expression(node: Typed, want: boolean, base: Base): Part | undefined {
    if (base.k !== 'record') return undefined;
    const { ok, v, unsure } = this.#expressions.condition(node);
    const e = anyOf(unsure, allOf(ok, want ? v : not(v)));
    return expression(e, unsure !== false);
  }

  /** `part`, where `node` is evaluated before it, without throwing. */
  #unlessThrown(
    node: Typed,
    part: Part | undefined,
    otherwise: () => Part | undefined,
    base: Base,
  ): Part | undefined {
    if (part === undefined || !node.throws) return part;
    const paths = mayThrowFor(node, base);
    if (paths?.every((path) => impliesPresence(part, path)) === true) return part;
    return join(and, otherwise(), part);
  }

  /** `part`, where `node` is neither null nor undefined. */
  #present(node: Typed, part: Part | undefined, base: Base): Part | undefined {
    if (part === undefined || part.k === 'none' || !isNullable(node.type)) return part;
    const paths = mayThrowFor({ ...nullish(node), op: 'getTime', throws: true }, base);
    if (
      paths !== undefined &&
      paths.length > 0 &&
      paths.every((path) => impliesPresence(part, path))
    )
      return part;
    return join(and, this.part(nullish(node), false, base), part);
  }

  /** The records for which evaluating `node` does not throw. */
  #evaluated(node: Typed, base: Base): Part | undefined {
    if (base.k !== 'record') return undefined;
    const { ok, unsure } = this.#expressions.value(node);
    return expression(anyOf(unsure, ok), unsure !== false);
  }
}

function join(
  how: (a: Part, b: Part) => Part,
  a: Part | undefined,
  b: Part | undefined,
): Part | undefined {
  return a === undefined || b === undefined ? undefined : how(a, b);
}

const nullish = (e: Typed): Typed & { readonly k: 'op' } => ({
  k: 'op',
  op: 'nullish',
  args: [e],
  type: { base: 'bool', null: false, undef: false },
  throws: e.throws,
  at: e.at,
});

const MAX_NODES = 200_000;

/** Parts of expressions are shared in memory, but not on their way to the server. */
function isTooLarge(filter: unknown): boolean {
  let left = MAX_NODES;
  const visit = (value: unknown): void => {
    if (--left < 0 || typeof value !== 'object' || value === null) return;
    for (const member of Object.values(value)) if (left >= 0) visit(member);
  };
  visit(filter);
  return left < 0;
}
