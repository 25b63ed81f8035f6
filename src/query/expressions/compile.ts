/**
 * The typed tree as aggregation expressions, with the three outcomes of JavaScript: true, not true, throws
 * (facts/queries.md §2). `conditionOf` gives what a boolean needs, `valueOf` what an operand needs.
 */
import type { StaticType } from '../static-type';
import { isNullable } from '../static-type';
import type { Op, Typed, TypedField } from '../typed';
import {
  and,
  choose,
  cond,
  double,
  type Expression,
  isDateValue,
  isList,
  isNullish,
  isObject,
  isText,
  literalText,
  NAN,
  not,
  or,
  REMOVE,
  toDouble,
  Variables,
} from './build';
import {
  alike,
  type Compiled,
  type CompileOp,
  type Compiler,
  constantValue,
  isSolid,
  sure,
} from './compiled';
import { dateOps } from './dates';
import { compileQuantifier, listOps } from './lists';
import { compileRegex } from './matches';
import { numberOps } from './numbers';
import { textOps } from './texts';
import { comparisonOps } from './comparisons';

const TABLE: Partial<Record<Op, CompileOp>> = {
  ...numberOps,
  ...comparisonOps,
  ...textOps,
  ...listOps,
  ...dateOps,
};

export class ExpressionCompiler implements Compiler {
  readonly variables = new Variables();

  bind(value: Expression, use: (name: Expression) => Expression): Expression {
    return this.variables.bind(value, use);
  }

  value(node: Typed): Compiled {
    switch (node.k) {
      case 'const':
        return sure(constantValue(node.v, node.type));
      case 'throw':
        return { ok: false, v: null, unsure: false };
      case 'elem':
        return sure(this.#loaded(`$$${node.name}`, node.type));
      case 'field':
        return this.#field(node);
      case 'op': {
        const compile = TABLE[node.op];
        if (compile === undefined) throw new Error(`No expression for "${node.op}"`);
        return compile(node.args, this);
      }
      case 'regex':
        return compileRegex(node, this);
      case 'quant':
        return compileQuantifier(node, this);
      case 'not':
        return this.condition(node);
      case 'and':
      case 'or':
        return this.#logical(node);
      case 'if': {
        const [c, a, b] = [this.condition(node.c), this.value(node.a), this.value(node.b)];
        return branches(c, a, b, cond(c.v, a.v, b.v));
      }
      case 'coalesce': {
        const [a, b] = [this.value(node.a), this.value(node.b)];
        const absent = isNullish(a.v);
        const c = { ...a, v: absent };
        return branches(
          c,
          b,
          sure(true),
          this.bind(a.v, (x) => cond(isNullish(x), b.v, x)),
        );
      }
      case 'safe': {
        const [guard, inner] = [this.value(node.guard), this.value(node.in)];
        const c = { ...guard, v: isNullish(guard.v) };
        return branches(c, sure(REMOVE), inner, cond(c.v, REMOVE, inner.v));
      }
      case 'strict': {
        const [first, inner] = [this.value(node.first), this.value(node.in)];
        return alike([first, inner], inner.v);
      }
      case 'record':
      case 'unknown':
        throw new Error(`No expression for "${node.k}"`);
    }
  }

  /** `v` is a condition: true where JavaScript takes the value for true. */
  condition(node: Typed): Compiled {
    switch (node.k) {
      case 'const':
        return sure(!!node.v);
      case 'record':
        return sure(true); // an object
      case 'not': {
        const inner = this.condition(node.e);
        return { ...inner, v: not(inner.v) };
      }
      case 'and':
      case 'or': {
        const [a, b] = [this.condition(node.a), this.condition(node.b)];
        return node.k === 'and'
          ? branches(a, b, sure(false), and(a.v, b.v))
          : branches(a, sure(true), b, or(a.v, b.v));
      }
      case 'if': {
        const [c, a, b] = [this.condition(node.c), this.condition(node.a), this.condition(node.b)];
        return branches(c, a, b, choose(c.v, a.v, b.v));
      }
      default: {
        const compiled = this.value(node);
        return { ...compiled, v: this.#truthy(compiled.v, node.type) };
      }
    }
  }

  /** A text to work on: never anything else, whatever the record holds. */
  text(node: Typed): Compiled {
    const compiled = this.value(node);
    if (isSolid(node)) return compiled;
    return this.#guarded(node, compiled, isText, literalText(''));
  }

  /** A list to work on; a Dict is a list of its entries. */
  list(node: Typed): Compiled {
    return this.#guarded(node, this.value(node), isList, []);
  }

  /** What arithmetic takes the value for, as a double: null is 0, undefined NaN. */
  number(node: Typed): Compiled {
    if (node.k === 'const') return sure(double(Number(node.v)));
    const compiled = this.value(node);
    if (isSolid(node)) return compiled;
    const v = this.bind(compiled.v, (x) => {
      const number = { $isNumber: x };
      if (!node.type.null) return { $cond: [number, toDouble(x), NAN] };
      const branches = [
        { case: number, then: toDouble(x) },
        { case: { $eq: [{ $type: x }, 'null'] }, then: double(0) },
      ];
      return { $switch: { branches, default: NAN } };
    });
    return { ...compiled, v };
  }

  /** A value as it stands in a record: Dates become milliseconds. */
  #loaded(v: Expression, { base }: StaticType): Expression {
    if (base !== 'date') return v;
    return this.bind(v, (x) => ({
      $cond: [isDateValue(x), toDouble({ $subtract: [x, new Date(0)] }), x],
    }));
  }

  loaded(v: Expression, type: StaticType): Expression {
    return this.#loaded(v, type);
  }

  #field(node: TypedField): Compiled {
    const { on, name, type } = node;
    if (on.k === 'record') return sure(this.#loaded(`$v.${name}`, type));
    const owner = this.value(on);
    const ok = isNullable(on.type) ? and(owner.ok, isObject(owner.v)) : owner.ok;
    const v = this.variables.bindPath(owner.v, (path) => this.#loaded(`${path}.${name}`, type));
    return { ...owner, ok, v };
  }

  #guarded(
    node: Typed,
    compiled: Compiled,
    fits: (v: Expression) => Expression,
    otherwise: Expression,
  ): Compiled {
    const ok = isNullable(node.type) ? and(compiled.ok, fits(compiled.v)) : compiled.ok;
    const v = this.bind(compiled.v, (x) => ({ $cond: [fits(x), x, otherwise] }));
    return { ...compiled, ok, v };
  }

  #logical(node: Typed & { readonly k: 'and' | 'or' }): Compiled {
    const condition = this.condition(node);
    if (node.type.base === 'bool' && !isNullable(node.a.type) && !isNullable(node.b.type))
      return condition;
    const [a, b] = [this.value(node.a), this.value(node.b)];
    const v = this.bind(a.v, (x) => {
      const first = this.#truthy(x, node.a.type);
      return node.k === 'and' ? cond(first, b.v, x) : cond(first, x, b.v);
    });
    return { ...condition, v };
  }

  #truthy(v: Expression, type: StaticType): Expression {
    if (typeof v === 'boolean') return v;
    switch (type.base) {
      case 'bool':
        return isNullable(type) || typeof v === 'string' ? { $eq: [v, true] } : v;
      case 'num':
        return not({ $in: [{ $ifNull: [v, null] }, [null, double(0), NAN]] });
      case 'str':
        return not({ $in: [{ $ifNull: [v, null] }, [null, literalText('')]] });
      default:
        return not(isNullish(v));
    }
  }
}

/** What evaluates `c`, then `a` where it is true, else `b`. */
const branches = (c: Compiled, a: Compiled, b: Compiled, v: Expression): Compiled => ({
  ok: and(c.ok, choose(c.v, a.ok, b.ok)),
  v,
  unsure: or(c.unsure, choose(c.v, a.unsure, b.unsure)),
});
