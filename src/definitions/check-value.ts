import { own } from '../shared/own';
import { isDate, isPlainObject } from '../shared/storable';
import { HashedPassword } from '../shared/password';
import type { DictType, Fields, ListType, OptionalType, RecordType, Type } from './types';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * What is wrong with `value` as a `type`, in Dark's words; empty if nothing is. `path` names the value, e.g. `Users.age`.
 * The rules are those of what MongoDB can hold without loss: it would turn an Invalid Date into 1970, half a surrogate
 * pair into U+FFFD, a Set into `{}`.
 */
export function complaintsAbout(type: Type, value: unknown, path: string): string[] {
  switch (type.kind) {
    case 'Optional':
      return value == null ? [] : complaintsAbout((type as OptionalType).of, value, path);
    case 'Record':
      return complaintsAboutRecord((type as RecordType).fields, value, path);
    case 'List':
      return complaintsAboutList((type as ListType).of, value, path);
    case 'Dict':
      return complaintsAboutDict((type as DictType).of, value, path);
    case 'String':
      return typeof value === 'string'
        ? complaintsAboutText(value, path)
        : [mismatch(type, value, path)];
    case 'Int':
      return Number.isSafeInteger(value) ? [] : [mismatch(type, value, path)];
    case 'Float':
      return Number.isFinite(value) ? [] : [mismatch(type, value, path)];
    case 'Bool':
      return typeof value === 'boolean' ? [] : [mismatch(type, value, path)];
    case 'Date':
      return typeof value === 'object' &&
        value !== null &&
        isDate(value) &&
        !Number.isNaN(value.getTime())
        ? []
        : [mismatch(type, value, path)];
    case 'UUID':
      return typeof value === 'string' && UUID.test(value) ? [] : [mismatch(type, value, path)];
    case 'Password':
      return value instanceof HashedPassword ? [] : [mismatch(type, value, path)];
  }
}

/** The same for all fields of a record: missing names first, then names too many, then wrong values. */
export function complaintsAboutRecord(fields: Fields, value: unknown, path: string): string[] {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    !isPlainObject(value)
  ) {
    return [`Expected Record for ${path}, got ${nameOfValue(value)}`];
  }
  const complaints: string[] = [];
  const missing = Object.keys(fields).filter(
    (name) => fields[name]?.kind !== 'Optional' && own(value, name) === undefined,
  );
  const extra = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
  if (missing.length > 0) complaints.push(`Expected but did not find: [${missing.join(', ')}]`);
  if (extra.length > 0) complaints.push(`Found but did not expect: [${extra.join(', ')}]`);
  for (const [name, type] of Object.entries(fields)) {
    const member = own(value, name);
    if (member !== undefined) complaints.push(...complaintsAbout(type, member, `${path}.${name}`));
  }
  return complaints;
}

function complaintsAboutList(of: Type, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`Expected List for ${path}, got ${nameOfValue(value)}`];
  // Array.from also visits holes, which are no elements of any type
  return Array.from(value as unknown[], (element, i) =>
    complaintsAbout(of, element, `${path}[${i}]`),
  ).flat();
}

function complaintsAboutDict(of: Type, value: unknown, path: string): string[] {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    !isPlainObject(value)
  ) {
    return [`Expected Dict for ${path}, got ${nameOfValue(value)}`];
  }
  return Object.entries(value).flatMap(([key, member]) => [
    ...complaintsAboutText(key, `a key of ${path}`),
    ...(key === '__proto__' ? [`Expected another key than "__proto__" in ${path}`] : []),
    ...complaintsAbout(of, member, `${path}[${JSON.stringify(key)}]`),
  ]);
}

function complaintsAboutText(text: string, path: string): string[] {
  return text.isWellFormed()
    ? []
    : [`Expected String for ${path}, got a String with half a surrogate pair`];
}

const mismatch = (type: Type, value: unknown, path: string): string =>
  `Expected ${type.kind} for ${path}, got ${nameOfValue(value)}`;

/** The type of a value that came, never the value: it may be secret or long. */
function nameOfValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'boolean':
      return 'Bool';
    case 'number':
      if (Number.isNaN(value)) return 'NaN';
      if (!Number.isFinite(value)) return 'Infinity';
      if (Number.isSafeInteger(value)) return 'Int';
      return Number.isInteger(value) ? 'Float (no safe integer)' : 'Float';
    case 'bigint':
      return 'BigInt';
    case 'undefined':
      return 'Undefined';
    case 'function':
      return 'Function';
    case 'symbol':
      return 'Symbol';
    case 'object':
      return value === null ? 'Null' : nameOfObject(value);
  }
}

function nameOfObject(value: object): string {
  if (Array.isArray(value)) return 'List';
  if (isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : 'Date';
  if (value instanceof HashedPassword) return 'Password';
  return isPlainObject(value) ? 'Record' : Object.prototype.toString.call(value).slice(8, -1);
}
