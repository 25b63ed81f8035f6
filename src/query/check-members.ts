/** Types of members and methods: what `x.length` or `x.includes(y)` is depends on what `x` is. */
import { alikeUuids } from './check-operators';
import { type CheckContext, known, operation, throwing, unknown } from './check-context';
import type { Span } from './ir';
import {
  BOOL,
  INT,
  isNullable,
  nameOfBase,
  NUM,
  orUndefined,
  type StaticType,
  STR,
  typeOfSchema,
  typeOfValue,
} from './static-type';
import type { Op, Typed } from './typed';

export function checkMember(on: Typed, name: string, at: Span, context: CheckContext): Typed {
  const { type } = on;
  const throws = isNullable(type);
  switch (type.base) {
    case 'record':
      return checkField(on, name, at, context);
    case 'dict':
      return entry(on, { k: 'const', v: name, type: STR, throws: false, at }, at);
    case 'str':
      if (name === 'length') return operation('length', [on], INT, at, throws);
      break;
    case 'list':
      if (name === 'length') return operation('size', [on], INT, at, throws);
      break;
    case 'any':
      return unknown(at, [on]);
    case 'nothing':
      return throwing(at);
  }
  return context.refuseTypes(at, [on], `it has no "${name}" that a query can use`);
}

function checkField(on: Typed, name: string, at: Span, context: CheckContext): Typed {
  const fields = on.type.fields ?? context.store.fields;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) {
    const owner =
      on.k === 'record'
        ? `Datastore "${context.store.name}"`
        : `"${context.lambda.text.slice(...on.at)}"`;
    return context.refuse(at, {
      reason: `${owner} has no field "${name}"`,
      suggestion: `fields: ${Object.keys(fields).sort().join(', ')}`,
    });
  }
  const throws = on.throws || isNullable(on.type);
  return { k: 'field', on, name, type: typeOfSchema(field), throws, at };
}

const entry = (dict: Typed, key: Typed, at: Span): Typed =>
  operation(
    'entry',
    [dict, key],
    orUndefined(dict.type.of as StaticType),
    at,
    isNullable(dict.type),
  );

export function checkIndex(on: Typed, i: Typed, at: Span, context: CheckContext): Typed {
  const { type } = on;
  if (type.base === 'nothing') return throwing(at);
  if (type.base === 'any') return unknown(at, [on, i]);
  if (type.base === 'dict') {
    if (!['str', 'num', 'any'].includes(i.type.base))
      return context.refuseTypes(at, [i], 'the key of a Dict is a String');
    return entry(on, i, at);
  }
  if (type.base === 'record' && i.k === 'const' && typeof i.v === 'string')
    return checkField(on, i.v, at, context);
  if (type.base === 'str')
    return context.refuseTypes(
      at,
      [on],
      'a text has no index in a query',
      'write "slice(n, n + 1)"',
    );
  if (type.base !== 'list')
    return context.refuseTypes(at, [on], 'only Lists and Dicts have an index in a query');
  if (i.k !== 'unknown' && (i.k !== 'const' || typeof i.v !== 'number'))
    return context.refuseTypes(at, [i], 'the index of a List must be a known Number');
  return operation('at', [on, i], orUndefined(type.of as StaticType), at, isNullable(type));
}

const TEXT_METHODS: Readonly<Record<string, { op: Op; type: StaticType }>> = {
  toLowerCase: { op: 'lower', type: STR },
  toUpperCase: { op: 'upper', type: STR },
  trim: { op: 'trim', type: STR },
  trimStart: { op: 'trimStart', type: STR },
  trimEnd: { op: 'trimEnd', type: STR },
  includes: { op: 'includes', type: BOOL },
  startsWith: { op: 'startsWith', type: BOOL },
  endsWith: { op: 'endsWith', type: BOOL },
  indexOf: { op: 'indexOf', type: INT },
  replaceAll: { op: 'replaceAll', type: STR },
  slice: { op: 'slice', type: STR },
};

export function checkMethod(
  on: Typed,
  m: string,
  args: readonly Typed[],
  at: Span,
  context: CheckContext,
): Typed {
  const { type } = on;
  const throws = isNullable(type);
  switch (type.base) {
    case 'nothing':
      return throwing(at);
    case 'any':
      return unknown(at, [on, ...args], TEXT_METHODS[m]?.type ?? NUM);
    case 'str': {
      const method = TEXT_METHODS[m];
      if (method === undefined) break;
      checkTextArguments(on, m, args, at, context);
      return operation(method.op, [on, ...args], method.type, at, throws);
    }
    case 'date':
      if (m.startsWith('get')) return operation(m as Op, [on], NUM, at, throws);
      break;
    case 'list':
      if (m === 'includes') return checkContains(on, args[0] as Typed, at, context);
      return context.refuseTypes(
        at,
        [on],
        `a List has no "${m}" in a query`,
        'write "includes", "some" or "every"',
      );
    case 'uuid':
      return context.refuseTypes(
        at,
        [on],
        'a UUID is stored as a number, not as its text',
        'compare it as a whole',
      );
  }
  return context.refuseTypes(at, [on], `it has no "${m}" in a query`);
}

function checkTextArguments(
  on: Typed,
  m: string,
  args: readonly Typed[],
  at: Span,
  context: CheckContext,
): void {
  for (const arg of args) {
    const { base } = arg.type;
    if (arg.k === 'unknown' || base === 'any') continue;
    if (m === 'slice') {
      if (arg.k === 'const' && (typeof arg.v === 'number' || arg.v === undefined)) continue;
      context.refuseTypes(at, [arg], '"slice" takes known Numbers in a query');
    }
    if (m === 'replaceAll') {
      if (arg.k !== 'const' || typeof arg.v !== 'string')
        context.refuseTypes(at, [arg], '"replaceAll" takes two known Strings in a query');
      checkReplacement(args, at, context);
    } else if (base !== 'str' && base !== 'nothing') {
      context.refuseTypes(at, [on, arg], `"${m}" of a String takes a String`);
    }
  }
}

function checkReplacement(args: readonly Typed[], at: Span, context: CheckContext): void {
  const [find, by] = args.map((arg) => (arg.k === 'const' ? arg.v : undefined));
  if (find === '')
    context.refuse(at, {
      reason:
        '"replaceAll" of an empty text puts text between all characters, which a query cannot',
    });
  if (typeof by === 'string' && /\$[`'<]/.test(by))
    context.refuse(at, {
      reason: 'Of the patterns of a replacement, a query knows "$$" and "$&" only',
    });
}

const CONTAINABLE = new Set(['num', 'str', 'bool', 'uuid', 'nothing', 'any']);

function checkContains(list: Typed, needle: Typed, at: Span, context: CheckContext): Typed {
  const throws = isNullable(list.type);
  if (!CONTAINABLE.has(needle.type.base))
    return context.refuseTypes(at, [needle], '"includes" asks for the same object', 'write "some"');
  if (list.k === 'const') return checkConstantList(list, needle, at, context);
  const of = list.type.of as StaticType;
  const [element, sought] = alikeUuids({ ...list, type: of }, needle);
  if (!CONTAINABLE.has(of.base))
    return context.refuseTypes(
      at,
      [element],
      '"includes" asks for the same object',
      'write "some"',
    );
  if (sought.k === 'const' && (sought.v === undefined || (sought.v === null && !of.null)))
    return known(false, [operation('size', [list], INT, at, throws)], at, context);
  if (
    of.base !== sought.type.base &&
    sought.type.base !== 'nothing' &&
    sought.type.base !== 'any'
  ) {
    if (of.base === 'uuid' && sought.k === 'const' && sought.type.base === 'str')
      return known(false, [operation('size', [list], INT, at, throws)], at, context);
    return context.refuse(at, {
      reason: `The List holds ${nameOfBase(of).replace(/^an? /, '')}s, ${context.describe(needle)}: it is never among them`,
      ...(needle.k === 'const' && needle.capture !== undefined
        ? { code: 'capture_invalid' as const }
        : {}),
    });
  }
  return operation('contains', [list, sought], BOOL, at, throws);
}

/** `ids.includes(u.id)` */
function checkConstantList(
  list: Typed & { readonly k: 'const' },
  needle: Typed,
  at: Span,
  context: CheckContext,
): Typed {
  const { base } = needle.type;
  const name = list.capture === undefined ? 'The List' : `The captured "${list.capture}"`;
  for (const element of list.v as unknown[]) {
    if (element == null || base === 'any') continue;
    const type = typeOfValue(element);
    const fits = type.base === base || (base === 'uuid' && type.base === 'str');
    const wellFormed = typeof element !== 'string' || element.isWellFormed();
    if (fits && wellFormed) continue;
    context.refuse(at, {
      reason: fits
        ? `${name} has a text with half of a surrogate pair, which no stored text can hold`
        : `${name} holds ${nameOfBase(type)}, ${context.describe(needle)}: they are never equal`,
      ...(list.capture === undefined ? {} : { code: 'capture_invalid' as const }),
    });
  }
  return operation('contains', [list, needle], BOOL, at);
}
