/** The methods and functions that a lambda may call, and what to write instead of some that it may not. */
import type { MathFunction } from './ir';

interface Arity {
  readonly min: number;
  readonly max: number;
}

const exactly = (n: number): Arity => ({ min: n, max: n });

export const METHODS: Readonly<Record<string, Arity>> = {
  toLowerCase: exactly(0),
  toUpperCase: exactly(0),
  trim: exactly(0),
  trimStart: exactly(0),
  trimEnd: exactly(0),
  includes: exactly(1),
  startsWith: exactly(1),
  endsWith: exactly(1),
  indexOf: exactly(1),
  replaceAll: exactly(2),
  slice: { min: 0, max: 2 },
  getTime: exactly(0),
  getUTCFullYear: exactly(0),
  getUTCMonth: exactly(0),
  getUTCDate: exactly(0),
  getUTCDay: exactly(0),
  getUTCHours: exactly(0),
  getUTCMinutes: exactly(0),
  getUTCSeconds: exactly(0),
  getUTCMilliseconds: exactly(0),
};

export const MATH: Readonly<Record<MathFunction, Arity>> = {
  abs: exactly(1),
  floor: exactly(1),
  ceil: exactly(1),
  round: exactly(1),
  min: { min: 1, max: 20 },
  max: { min: 1, max: 20 },
};

const LOCAL = 'the server has no local time: write ';

const INSTEAD: Readonly<Record<string, string>> = {
  at: 'write "list[0]", or "slice" for a text',
  charAt: 'write "slice(n, n + 1)"',
  substring: 'write "slice"',
  substr: 'write "slice"',
  replace: 'write "replaceAll" with two texts',
  match: 'write "/…/.test(text)"',
  matchAll: 'write "/…/.test(text)"',
  search: 'write "/…/.test(text)"',
  concat: 'write a template, `${a}${b}`',
  localeCompare: 'write "<", which orders as JavaScript does',
  toLocaleLowerCase: 'write "toLowerCase()"',
  toLocaleUpperCase: 'write "toUpperCase()"',
  map: 'write "some" or "every"',
  filter: 'write "some" or "every"',
  find: 'write "some"',
  findIndex: 'write "some"',
  reduce: 'write "some" or "every"',
  forEach: 'write "some" or "every"',
  indexOf: 'write "includes"',
  hasOwnProperty: 'write "key in dict"',
  hasOwn: 'write "key in dict"',
  split: "only \"split('').reverse().join('')\" is supported",
  toString: 'write a template, `${x}`',
  toFixed: 'compare numbers, with "Math.round" if need be',
  valueOf: 'write "getTime()" of a Date',
  toISOString: 'compare Dates, or their "getTime()"',
  toJSON: 'compare Dates, or their "getTime()"',
  now: 'take the time before the query: "const now = Date.now()"',
  trunc: 'write "Math.floor" or "Math.ceil"',
  sqrt: 'write "** 0.5"',
  pow: 'write "**"',
  getFullYear: `${LOCAL}"getUTCFullYear()"`,
  getMonth: `${LOCAL}"getUTCMonth()"`,
  getDate: `${LOCAL}"getUTCDate()"`,
  getDay: `${LOCAL}"getUTCDay()"`,
  getHours: `${LOCAL}"getUTCHours()"`,
  getMinutes: `${LOCAL}"getUTCMinutes()"`,
  getSeconds: `${LOCAL}"getUTCSeconds()"`,
  getMilliseconds: `${LOCAL}"getUTCMilliseconds()"`,
};

const OUTSIDE = 'if it does not need the record, call it before the query and use its value';

export const insteadOf = (method: string): string =>
  Object.hasOwn(INSTEAD, method) ? (INSTEAD[method] as string) : OUTSIDE;

/** Members of globals that are constants. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  'Math.PI': Math.PI,
  'Math.E': Math.E,
  'Math.SQRT2': Math.SQRT2,
  'Number.MAX_SAFE_INTEGER': Number.MAX_SAFE_INTEGER,
  'Number.MIN_SAFE_INTEGER': Number.MIN_SAFE_INTEGER,
  'Number.MAX_VALUE': Number.MAX_VALUE,
  'Number.MIN_VALUE': Number.MIN_VALUE,
  'Number.EPSILON': Number.EPSILON,
};
