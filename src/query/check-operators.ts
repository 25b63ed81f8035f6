/** Types of operators. */
import type { ArithmeticOperator, Expr, RelationalOperator, Span } from './ir';
import { type CheckContext, constant, known, operation } from './check-context';
import { BOOL, isNullable, NUM, type StaticType, STR } from './static-type';
import type { Op, Typed } from './typed';

const ARITHMETIC: Readonly<Record<ArithmeticOperator, Op>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '**': 'pow',
};

const RELATIONAL: Readonly<Record<RelationalOperator, Op>> = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

export function checkBinary(
  e: Extract<Expr, { k: 'binary' }>,
  a: Typed,
  b: Typed,
  context: CheckContext,
): Typed {
  switch (e.op) {
    case '===':
      return checkEqual(a, b, e.at, context);
    case 'in':
      return checkIn(a, b, e.at, context);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return checkRelational(e.op, a, b, e.at, context);
    default:
      return checkArithmetic(e.op, a, b, e.at, context);
  }
}

const isAny = ({ type }: Typed): boolean => type.base === 'any';
const isNothing = ({ type }: Typed): boolean => type.base === 'nothing';

/** Bases that JavaScript compares by what they are, not by what they hold. */
const BY_IDENTITY = new Set(['list', 'dict', 'record', 'object', 'password', 'mixed', 'date']);

function checkEqual(left: Typed, right: Typed, at: Span, context: CheckContext): Typed {
  const [a, b] = alikeUuids(left, right);
  const equal = (): Typed => operation('eq', [a, b], BOOL, at);
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    if (x.k !== 'const') continue;
    if (Number.isNaN(x.v)) return known(false, [y], at, context);
    const never = (x.v === null && !y.type.null) || (x.v === undefined && !y.type.undef);
    if (never && !isAny(y)) return known(false, [y], at, context);
  }
  if (isAny(a) || isAny(b) || isNothing(a) || isNothing(b)) return equal();
  for (const node of [a, b]) {
    if (!BY_IDENTITY.has(node.type.base)) continue;
    if (node.type.base === 'date')
      return context.refuseTypes(
        at,
        [node],
        '"===" of Dates asks for the same object',
        'compare "getTime()"',
      );
    const advice = node.type.base === 'password' ? 'use "Password.check"' : 'compare its parts';
    return context.refuseTypes(at, [node], '"===" would ask for the same object', advice);
  }
  if (a.type.base !== b.type.base) {
    if (isUuidAndText(a, b)) return known(false, [a, b], at, context); // no UUID has this text
    return context.refuseTypes(at, [a, b], 'they are never equal');
  }
  return equal();
}

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A constant text beside a UUID is a UUID, if it is written as records show them: in small letters. */
export function alikeUuids(a: Typed, b: Typed): [Typed, Typed] {
  return [asUuid(a, b.type), asUuid(b, a.type)];
}

function asUuid(node: Typed, beside: StaticType): Typed {
  const fits = beside.base === 'uuid' && node.k === 'const' && typeof node.v === 'string';
  return fits && CANONICAL_UUID.test(node.v)
    ? { ...node, type: { ...node.type, base: 'uuid' } }
    : node;
}

const isUuidAndText = (a: Typed, b: Typed): boolean =>
  (a.type.base === 'uuid' && b.k === 'const' && b.type.base === 'str') ||
  (b.type.base === 'uuid' && a.k === 'const' && a.type.base === 'str');

const NUMERIC = new Set(['num', 'date', 'nothing', 'any']);
const isNumeric = ({ type }: Typed): boolean => NUMERIC.has(type.base);

function checkRelational(
  op: RelationalOperator,
  left: Typed,
  right: Typed,
  at: Span,
  context: CheckContext,
): Typed {
  const [a, b] = alikeUuids(left, right);
  const compared = operation(RELATIONAL[op], [a, b], BOOL, at);
  if (isNumeric(a) && isNumeric(b)) {
    const [x, y] = [asNumber(a, context), asNumber(b, context)];
    if ([x, y].some((side) => side.k === 'const' && Number.isNaN(Number(side.v))))
      return known(false, [x, y], at, context);
    return operation(RELATIONAL[op], [x, y], BOOL, at);
  }
  if (isAny(a) || isAny(b)) return compared;
  if (a.type.base === b.type.base && ['str', 'uuid'].includes(a.type.base)) return compared;
  if (isUuidAndText(a, b))
    return context.refuseTypes(
      at,
      [a, b],
      'only UUIDs can be ordered by a UUID',
      'write it in small letters',
    );
  return context.refuseTypes(
    at,
    [a, b],
    `"${op}" compares Numbers, Dates, or Strings with their like`,
  );
}

/** A constant null or undefined as the number that arithmetic and comparison take it for. */
function asNumber(node: Typed, context: CheckContext): Typed {
  return node.k === 'const' && node.v == null ? constant(Number(node.v), node.at, context) : node;
}

const TEXTABLE = new Set(['str', 'num', 'bool', 'nothing', 'any']);

function checkArithmetic(
  op: ArithmeticOperator,
  a: Typed,
  b: Typed,
  at: Span,
  context: CheckContext,
): Typed {
  if (op === '+' && [a, b].some(({ type }) => type.base === 'str')) {
    if ([a, b].some(({ type }) => type.base === 'str' && !isNullable(type)))
      return concat([a, b], at, context);
    const why = 'where it is null, "+" would add numbers';
    if (!isAny(a) && !isAny(b))
      return context.refuseTypes(
        at,
        [a.type.base === 'str' ? a : b],
        why,
        'write a template, `${a}${b}`',
      );
  }
  if (op === '+' && (isAny(a) || isAny(b)))
    return { ...operation('add', [a, b], NUM, at), type: a.type.base === 'any' ? a.type : b.type };
  for (const node of [a, b]) {
    if (op === '+' && node.type.base === 'date')
      return context.refuseTypes(
        at,
        [node],
        '"+" would make a text of it',
        'write "getTime() + …"',
      );
    if (!isNumeric(node)) return context.refuseTypes(at, [node], `"${op}" needs Numbers`);
  }
  return operation(ARITHMETIC[op], [asNumber(a, context), asNumber(b, context)], NUM, at);
}

/** Texts of templates and of `+`. */
export function concat(parts: readonly Typed[], at: Span, context: CheckContext): Typed {
  for (const part of parts) {
    if (TEXTABLE.has(part.type.base)) continue;
    const advice = part.type.base === 'date' ? 'use "getTime()"' : undefined;
    context.refuseTypes(at, [part], 'it cannot be made a text in a query', advice);
  }
  const flat = parts.flatMap((p) => (p.k === 'op' && p.op === 'concat' ? p.args : [p]));
  const merged = flat.reduce<Typed[]>((done, part) => {
    const last = done.at(-1);
    if (part.k !== 'const') return [...done, part];
    const text = `${part.v as string}`;
    const joined = last?.k === 'const' ? `${last.v as string}${text}` : text;
    return [
      ...(last?.k === 'const' ? done.slice(0, -1) : done),
      constant(joined, part.at, context),
    ];
  }, []);
  return operation('concat', merged, STR, at);
}

function checkIn(key: Typed, dict: Typed, at: Span, context: CheckContext): Typed {
  if (isAny(dict)) return operation('has', [key, dict], BOOL, at, true);
  if (dict.type.base !== 'dict')
    return context.refuseTypes(
      at,
      [dict],
      '"in" asks for a key of a Dict',
      'compare with undefined',
    );
  if (!['str', 'num', 'any'].includes(key.type.base))
    return context.refuseTypes(at, [key], 'the key of a Dict is a String');
  return operation('has', [key, dict], BOOL, at, isNullable(dict.type));
}
