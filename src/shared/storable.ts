import { HashedPassword } from './password';

/**
 * What a stored value may be made of: null, undefined, booleans, numbers (all of them), bigint, strings, Date,
 * Uint8Array, hashed passwords, arrays, and plain objects of these.
 */
export interface Inspection {
  /** True if JSON alone carries the value: no Date, bigint, NaN, undefined member and the like. */
  readonly plain: boolean;
  /** An upper bound of its size in bytes, in the form in which it is stored. */
  readonly maxBytes: number;
  /** Why it cannot be stored, e.g. `event.callback is a function`. */
  readonly problem?: string;
}

/** The largest event, argument or result, in bytes: Temporal's own limit is 2 MiB including what it adds. */
export const MAX_VALUE_BYTES = 2_000_000;

// No value of this size can be stored, and one whose parts are shared many times over would never be walked to its end.
const HOPELESS_BYTES = 100 * MAX_VALUE_BYTES;

const tagOf = (value: object): string => Object.prototype.toString.call(value);

// Values cross the sandbox's realm, where `instanceof` says no: hence the tags.
export const isDate = (value: object): value is Date => tagOf(value) === '[object Date]';
export const isBytes = (value: object): value is Uint8Array =>
  tagOf(value) === '[object Uint8Array]';
export function isPlainObject(value: object): value is Record<string, unknown> {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === null || Object.getPrototypeOf(proto) === null;
}

/** Looks at every part of `value`, once. `root` names it in the problem text. */
export function inspectValue(value: unknown, root: string): Inspection {
  let plain = true;
  let maxBytes = 0;
  const above = new Set<object>();

  const special = (bytes: number): undefined => {
    plain = false;
    maxBytes += bytes;
    return undefined;
  };

  const visit = (v: unknown, path: string): string | undefined => {
    switch (typeof v) {
      case 'string':
        maxBytes += 6 * v.length + 2; // \u0000 is the longest form of one unit
        return undefined;
      case 'number':
        if (Number.isFinite(v) && !Object.is(v, -0)) {
          maxBytes += 25;
          return undefined;
        }
        return special(30);
      case 'boolean':
        maxBytes += 5;
        return undefined;
      case 'undefined':
        return special(20);
      case 'bigint':
        return special(v.toString().length + 15);
      case 'function':
        return `${path} is a function`;
      case 'symbol':
        return `${path} is a symbol`;
      case 'object':
        return v === null ? void (maxBytes += 4) : visitObject(v, path);
    }
  };

  const visitObject = (v: object, path: string): string | undefined => {
    if (maxBytes > HOPELESS_BYTES) return `${root} is far too large`;
    if (isDate(v)) return special(45);
    if (isBytes(v)) return special(Math.ceil(v.byteLength / 3) * 4 + 15);
    if (v instanceof HashedPassword) return special(6 * HashedPassword.reveal(v).length + 20);
    if (!Array.isArray(v) && !isPlainObject(v)) return `${path} is ${nameOfInstance(v)}`;
    if (above.has(v)) return `${path} contains itself`;
    above.add(v);
    const problem = Array.isArray(v) ? visitList(v, path) : visitMembers(v, path);
    above.delete(v);
    return problem;
  };

  const visitList = (list: readonly unknown[], path: string): string | undefined => {
    for (let i = 0; i < list.length; i++) {
      maxBytes += 1;
      const problem = visit(list[i], `${path}[${i}]`);
      if (problem !== undefined) return problem;
    }
    maxBytes += 2;
    return undefined;
  };

  const visitMembers = (object: Record<string, unknown>, path: string): string | undefined => {
    if (Object.getOwnPropertySymbols(object).length > 0) return `${path} has a symbol as key`;
    for (const key of Object.keys(object)) {
      maxBytes += 6 * key.length + 5;
      const problem = visit(object[key], `${path}.${key}`);
      if (problem !== undefined) return problem;
    }
    maxBytes += 2;
    return undefined;
  };

  const problem = visit(value, root);
  return problem === undefined ? { plain, maxBytes } : { plain, maxBytes, problem };
}

function nameOfInstance(value: object): string {
  const tag = tagOf(value).slice(8, -1);
  if (tag !== 'Object') return `a ${tag}`;
  const { constructor } = value as { constructor?: { name?: unknown } };
  return typeof constructor?.name === 'string' && constructor.name !== ''
    ? `an instance of ${constructor.name}`
    : 'an object with a prototype of its own';
}
