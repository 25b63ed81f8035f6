/** What is wrong with a call of a function of `DB`, for those who write JavaScript or look away from a type error. */
import { InvalidInputError } from '../shared/errors';
import { isPlainObject } from '../shared/storable';
import { nameOfValue } from './check-value';
import type { DatastoreDefinition } from './datastore';
import { DEFINITION } from './definition';

const PARAMETERS = {
  set: 'value, key, ds',
  add: 'value, ds',
  get: 'key, ds',
  getMany: 'keys, ds',
  getExisting: 'keys, ds',
  getManyWithKeys: 'keys, ds',
  getAll: 'ds',
  getAllWithKeys: 'ds',
  keys: 'ds',
  count: 'ds',
  delete: 'key, ds',
  deleteAll: 'ds',
  queryExactFields: 'fields, ds',
  queryExactFieldsWithKey: 'fields, ds',
  queryOneWithExactFields: 'fields, ds',
  queryOneWithExactFieldsWithKey: 'fields, ds',
  query: 'ds, lambda',
  queryWithKey: 'ds, lambda',
  queryOne: 'ds, lambda',
  queryOneWithKey: 'ds, lambda',
  queryCount: 'ds, lambda',
  explain: 'ds, lambda',
  update: 'key, ds, change',
  scan: 'ds, options',
  schema: 'ds',
  schemaFields: 'ds',
} as const;

/** A function of `DB` on a datastore. */
export type Called = keyof typeof PARAMETERS;

/** @throws {InvalidInputError} code `usage` */
export function checkStore(ds: unknown, call: Called): void {
  if (isDefinition(ds)) return;
  throw wrong(call, `expected a datastore definition as "ds", got ${nameOfGiven(ds)}`);
}

/** @throws {InvalidInputError} code `usage` */
export function checkedStore(ds: DatastoreDefinition, call: Called): DatastoreDefinition {
  checkStore(ds, call);
  return ds;
}

/** @throws {InvalidInputError} code `usage` */
export function checkFunction(given: unknown, call: Called, name: string): void {
  if (typeof given === 'function') return;
  throw wrong(call, `expected a function as "${name}", got ${nameOfGiven(given)}`);
}

/** @throws {InvalidInputError} code `usage` */
export function checkFieldsGiven(fields: unknown, call: Called): void {
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  if (isObject && isPlainObject(fields) && !isDefinition(fields)) return;
  throw wrong(call, `expected an object as "fields", e.g. { age: 18 }, got ${nameOfGiven(fields)}`);
}

const isDefinition = (value: unknown): boolean =>
  (value as { [DEFINITION]?: unknown } | null | undefined)?.[DEFINITION] === 'datastore';

const nameOfGiven = (value: unknown): string =>
  isDefinition(value) ? 'a datastore definition' : nameOfValue(value);

const wrong = (call: Called, why: string): InvalidInputError =>
  new InvalidInputError('usage', `DB.${call}(${PARAMETERS[call]}): ${why}`);
