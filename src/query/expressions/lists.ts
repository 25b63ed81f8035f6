/** Lists and Dicts; a Dict is stored as a list of `{ k, v }`. */
import { UUID } from 'mongodb';
import { isNullable, type StaticType } from '../static-type';
import type { Op, Typed, TypedConst, TypedQuantifier } from '../typed';
import { and, cond, type Expression, isMissing, literalText, REMOVE, toDouble } from './build';
import { type Compiled, alike, type CompileOp, type Compiler, constantValue } from './compiled';
import { asText } from './texts';

const size: CompileOp = ([node], c) => {
  const x = c.list(node as Typed);
  return { ...x, v: toDouble({ $size: x.v }) };
};

const MAX_INDEX = 2 ** 31 - 1;

const at: CompileOp = ([node, index], c) => {
  const list = node as Typed;
  const x = c.list(list);
  const i = (index as TypedConst).v as number;
  // Other indexes name no element in JavaScript; to MongoDB, -1 is the last.
  if (!Number.isInteger(i) || i < 0 || i > MAX_INDEX) return { ...x, v: REMOVE };
  return { ...x, v: c.loaded({ $arrayElemAt: [x.v, i] }, list.type.of as StaticType) };
};

const contains: CompileOp = ([node, sought], c) => {
  const [list, needle] = [node as Typed, sought as Typed];
  const y = c.value(needle);
  if (list.k === 'const')
    return { ...y, v: c.bind(y.v, (q) => isAmong(q, list.v as unknown[], needle.type)) };
  const x = c.list(list);
  const missing = (q: Expression): Expression =>
    isNullable(needle.type) ? { $not: [isMissing(q)] } : true;
  const v = c.bind(y.v, (q) => and(missing(q), { $in: [{ $ifNull: [q, null] }, x.v] }));
  return alike([x, y], v);
};

/** `[1, null].includes(q)` */
function isAmong(q: Expression, values: readonly unknown[], type: StaticType): Expression {
  const stored = values
    .filter((value) => value !== undefined)
    .flatMap((value) => {
      if (type.base !== 'uuid' || value === null)
        return [constantValue(value, { ...type, base: 'num' })];
      return isCanonicalUuid(value) ? [new UUID(value)] : [];
    });
  const among = stored.length === 0 ? false : { $in: [{ $ifNull: [q, null] }, stored] };
  if (!type.undef) return among;
  return cond(isMissing(q), values.includes(undefined), among);
}

export const isCanonicalUuid = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value);

const keyOf = (key: Typed, c: Compiler): Compiled =>
  key.k === 'const' ? { ok: true, v: literalText(String(key.v)), unsure: false } : asText(key, c);

const entry: CompileOp = ([node, name], c) => {
  const dict = node as Typed;
  const [x, key] = [c.list(dict), keyOf(name as Typed, c)];
  const v = c.variables.bindPath(x.v, (d) =>
    c.bind({ $indexOfArray: [`${d}.k`, key.v] }, (i) =>
      cond(
        { $lt: [i, 0] },
        REMOVE,
        c.variables.bindPath({ $arrayElemAt: [d, i] }, (found) =>
          c.loaded(`${found}.v`, dict.type.of as StaticType),
        ),
      ),
    ),
  );
  return alike([x, key], v);
};

const has: CompileOp = ([name, node], c) => {
  const [key, x] = [keyOf(name as Typed, c), c.list(node as Typed)];
  const v = c.variables.bindPath(x.v, (d) => ({ $in: [key.v, `${d}.k`] }));
  return alike([key, x], v);
};

/**
 * JavaScript stops at the first element that decides: each is 1 (true), 0 (false) or -1 (throws), and the first that is
 * not 0 (`some`) or not 1 (`every`) is the answer.
 */
export function compileQuantifier(node: TypedQuantifier, c: Compiler): Compiled {
  const list = c.list(node.list);
  const body = c.condition(node.body);
  const each = (answer: Expression): Expression => ({
    $map: { input: list.v, as: node.name, in: answer },
  });
  const some = node.m === 'some';
  const unsure =
    typeof body.unsure === 'boolean' ? body.unsure : { $anyElementTrue: [each(body.unsure)] };
  if (body.ok === true) {
    const answers = each(body.v);
    return alike(
      [list],
      some ? { $anyElementTrue: [answers] } : { $allElementsTrue: [answers] },
      unsure,
    );
  }
  const state = cond(body.ok, cond(body.v, 1, 0), -1);
  const decided = {
    $reduce: {
      input: each(state),
      initialValue: some ? 0 : 1,
      in: { $cond: [{ $eq: ['$$value', some ? 0 : 1] }, '$$this', '$$value'] },
    },
  };
  const inner = alike([list], { $eq: [decided, 1] }, unsure);
  return { ...inner, ok: and(inner.ok, { $gte: [decided, 0] }) };
}

export const listOps: Partial<Record<Op, CompileOp>> = { size, at, contains, entry, has };
