import { bareDicts } from './bare-dicts';
import {
  type Called,
  checkedStore,
  checkFieldsGiven,
  checkFunction,
  checkStore,
} from './check-call';
import { InvalidInputError, NotFoundError } from '../shared/errors';
import type { DatastoreDefinition } from './datastore';
import { type Fields, nameOfType, type ValueOfFields } from './types';

type Store<F extends Fields> = DatastoreDefinition<F>;

/** A condition on a record. It is compiled, not run. */
export type Lambda<F extends Fields> = (record: ValueOfFields<F>) => boolean | null | undefined;

/** In Node: the values of the variables that a lambda uses, by name. */
export type Captures = Readonly<Record<string, unknown>>;

/** How a query is answered. */
export interface Explanation {
  /** The indexes that find the records; empty if all records of the datastore have to be read. */
  readonly indexes: readonly string[];
  /** How many records were read; absent where the server does not tell. */
  readonly read?: number;
  readonly returned: number;
  /** The MongoDB filter. */
  readonly filter: unknown;
  /** Whether the filter may find more than the lambda means, and each is looked at once more. */
  readonly recheck: boolean;
}

/** How `DB.scan` reads. */
export interface ScanOptions {
  /** How many records are read at once. Default 500. */
  readonly pageSize?: number;
}

/**
 * The functions on datastores, the same in handlers (`DB` of `nightshift`) and in Node (`client.DB`). Names, argument
 * order and "exactly one" are Dark's. A list comes in the order of its keys unless said otherwise.
 *
 * Every function rejects with code `datastore_unknown` for a datastore that the app does not export, `key_invalid` for a
 * key that is not a text of 1 to 1024 bytes, `record_corrupt` for a stored record that does not fit the schema, and, in
 * handlers, `value_too_large` for a result over 2 MB.
 */
export interface DatastoreFunctions {
  /**
   * Stores `value` under `key`, in place of what was there, and returns it. Within a handler it is applied once,
   * however often Temporal has to repeat the step.
   * @throws {InvalidInputError} code `record_invalid`, saying what is missing, too many, or of a wrong type
   * @example await DB.set({ name: 'Paul', age: 41 }, 'paul', People)
   */
  set<F extends Fields>(
    value: NoInfer<ValueOfFields<F>>,
    key: string,
    ds: Store<F>,
  ): Promise<ValueOfFields<F>>;
  /**
   * Stores `value` under a new key and returns the key, a UUID.
   * @example const key = await DB.add({ name: 'Paul', age: 41 }, People)
   */
  add<F extends Fields>(value: NoInfer<ValueOfFields<F>>, ds: Store<F>): Promise<string>;
  /**
   * The record under `key`, or undefined.
   * @example const paul = await DB.get('paul', Users)
   */
  get<F extends Fields>(key: string, ds: Store<F>): Promise<ValueOfFields<F> | undefined>;
  /**
   * The records under `keys`, in the order of `keys`; undefined if any of them does not exist.
   * @example const pets = await DB.getMany(employee.pets, Pets)
   */
  getMany<F extends Fields>(
    keys: readonly string[],
    ds: Store<F>,
  ): Promise<ValueOfFields<F>[] | undefined>;
  /**
   * The records that exist under `keys`, in the order of `keys`.
   * @example const pets = await DB.getExisting(['rex', 'tom'], Pets)
   */
  getExisting<F extends Fields>(keys: readonly string[], ds: Store<F>): Promise<ValueOfFields<F>[]>;
  /**
   * The records that exist under `keys`, as `{ [key]: record }`.
   * @example const { rex } = await DB.getManyWithKeys(['rex', 'tom'], Pets)
   */
  getManyWithKeys<F extends Fields>(
    keys: readonly string[],
    ds: Store<F>,
  ): Promise<Record<string, ValueOfFields<F>>>;
  /**
   * All records.
   * @example const users = await DB.getAll(Users)
   */
  getAll<F extends Fields>(ds: Store<F>): Promise<ValueOfFields<F>[]>;
  /**
   * All records, as `{ [key]: record }`.
   * @example const { paul } = await DB.getAllWithKeys(Users)
   */
  getAllWithKeys<F extends Fields>(ds: Store<F>): Promise<Record<string, ValueOfFields<F>>>;
  /**
   * All keys.
   * @example for (const key of await DB.keys(Users)) await emit(key, greet)
   */
  keys<F extends Fields>(ds: Store<F>): Promise<string[]>;
  /**
   * How many records there are.
   * @example if ((await DB.count(Users)) === 0) log.info('nobody yet')
   */
  count<F extends Fields>(ds: Store<F>): Promise<number>;
  /**
   * Deletes the record under `key`; a missing one is fine.
   * @example await DB.delete('paul', Users)
   */
  delete<F extends Fields>(key: string, ds: Store<F>): Promise<void>;
  /**
   * Deletes all records. The datastore's schema may change again.
   * @example await DB.deleteAll(Users)
   */
  deleteAll<F extends Fields>(ds: Store<F>): Promise<void>;
  /**
   * The records whose fields equal all of `fields`. `undefined` finds records without the field, null those with null.
   * @example const grownUps = await DB.queryExactFields({ age: 18, city: 'Berlin' }, Users)
   */
  queryExactFields<F extends Fields>(
    fields: Partial<ValueOfFields<F>>,
    ds: Store<F>,
  ): Promise<ValueOfFields<F>[]>;
  /**
   * As `queryExactFields`, as `{ [key]: record }`.
   * @example const byKey = await DB.queryExactFieldsWithKey({ city: 'Berlin' }, Users)
   */
  queryExactFieldsWithKey<F extends Fields>(
    fields: Partial<ValueOfFields<F>>,
    ds: Store<F>,
  ): Promise<Record<string, ValueOfFields<F>>>;
  /**
   * The one record whose fields equal `fields`; undefined if there is none, or more than one.
   * @example const user = await DB.queryOneWithExactFields({ email }, Users)
   */
  queryOneWithExactFields<F extends Fields>(
    fields: Partial<ValueOfFields<F>>,
    ds: Store<F>,
  ): Promise<ValueOfFields<F> | undefined>;
  /**
   * As `queryOneWithExactFields`, as `[key, record]`.
   * @example const [key, user] = (await DB.queryOneWithExactFieldsWithKey({ email }, Users)) ?? []
   */
  queryOneWithExactFieldsWithKey<F extends Fields>(
    fields: Partial<ValueOfFields<F>>,
    ds: Store<F>,
  ): Promise<[string, ValueOfFields<F>] | undefined>;
  /**
   * The records for which `lambda` returns `true`. The lambda is not run: it is compiled to a MongoDB query with exactly
   * its meaning, served by indexes where it compares fields; a record for which it would throw is not in the result.
   * What cannot be compiled is refused when the app is bundled, with the place and what to write instead.
   *
   * In handlers it may use any variable around it. In Node the variables it uses are given as `captures`, by name.
   * @throws {InvalidInputError} code `query_invalid` for what cannot be compiled, `capture_invalid` for a captured value
   *   that is missing or of a wrong type
   * @example
   * await DB.query(Users, (u) => u.age >= 18 && u.pets.length > 0)
   * await client.DB.query(Users, (u) => u.age >= min, { min })
   */
  query<F extends Fields>(
    ds: Store<F>,
    lambda: Lambda<F>,
    captures?: Captures,
  ): Promise<ValueOfFields<F>[]>;
  /**
   * As `query`, as `{ [key]: record }`.
   * @example const byKey = await DB.queryWithKey(Users, (u) => u.age >= 18)
   */
  queryWithKey<F extends Fields>(
    ds: Store<F>,
    lambda: Lambda<F>,
    captures?: Captures,
  ): Promise<Record<string, ValueOfFields<F>>>;
  /**
   * The one record for which `lambda` returns `true`; undefined if there is none, or more than one.
   * @example const user = await DB.queryOne(Users, (u) => u.email.toLowerCase() === wanted)
   */
  queryOne<F extends Fields>(
    ds: Store<F>,
    lambda: Lambda<F>,
    captures?: Captures,
  ): Promise<ValueOfFields<F> | undefined>;
  /**
   * As `queryOne`, as `[key, record]`.
   * @example const [key, user] = (await DB.queryOneWithKey(Users, (u) => u.email === email)) ?? []
   */
  queryOneWithKey<F extends Fields>(
    ds: Store<F>,
    lambda: Lambda<F>,
    captures?: Captures,
  ): Promise<[string, ValueOfFields<F>] | undefined>;
  /**
   * How many records there are for which `lambda` returns `true`.
   * @example const adults = await DB.queryCount(Users, ({ age }) => age >= 18)
   */
  queryCount<F extends Fields>(
    ds: Store<F>,
    lambda: Lambda<F>,
    captures?: Captures,
  ): Promise<number>;
  /**
   * How a query is answered: by which indexes, reading how many records. Runs it.
   * @example const { indexes, read } = await DB.explain(Users, (u) => u.age > 65)
   */
  explain<F extends Fields>(
    ds: Store<F>,
    lambda: Lambda<F>,
    captures?: Captures,
  ): Promise<Explanation>;
  /** @deprecated Dark's other name of `queryExactFields` */
  queryExactField<F extends Fields>(
    fields: Partial<ValueOfFields<F>>,
    ds: Store<F>,
  ): Promise<ValueOfFields<F>[]>;
  /** @deprecated Dark's other name of `queryOneWithExactFields` */
  queryOneWithExactField<F extends Fields>(
    fields: Partial<ValueOfFields<F>>,
    ds: Store<F>,
  ): Promise<ValueOfFields<F> | undefined>;
  /**
   * Changes one record: `change` gets the record as it is and gives it as it shall be. If somebody else writes it in
   * between, it is read and changed anew, so no change is lost. Returns the new record.
   * @throws {NotFoundError} code `record_not_found` if there is no record under `key`
   * @throws {InvalidInputError} code `record_invalid` if what `change` gives is no record of the datastore
   * @example await DB.update('paul', Users, (user) => ({ ...user, age: user.age + 1 }))
   */
  update<F extends Fields>(
    key: string,
    ds: Store<F>,
    change: (record: ValueOfFields<F>) => ValueOfFields<F> | Promise<ValueOfFields<F>>,
  ): Promise<ValueOfFields<F>>;
  /**
   * All records one after the other as `[key, record]`, read in pages, so that a datastore of any size fits. A record that
   * is written meanwhile may come as it was or as it is.
   * @param options.pageSize how many records are read at once. Default 500
   * @example for await (const [key, user] of DB.scan(Users)) log.info(key, { age: user.age })
   */
  scan<F extends Fields>(
    ds: Store<F>,
    options?: ScanOptions,
  ): AsyncIterable<[string, ValueOfFields<F>]>;
  /**
   * The fields and their types: `{ name: 'String', pets: 'List<String>' }`.
   * @example const { name } = await DB.schema(Users)
   */
  schema<F extends Fields>(ds: Store<F>): Promise<Record<string, string>>;
  /**
   * The names of the fields.
   * @example const columns = await DB.schemaFields(Users)
   */
  schemaFields<F extends Fields>(ds: Store<F>): Promise<string[]>;
  /**
   * A new key, as `add` makes it: a UUID.
   * @example const key = await DB.generateKey()
   */
  generateKey(): Promise<string>;
}

type Value = Record<string, unknown>;
type Entry = readonly [string, Value];
type AnyStore = DatastoreDefinition;

/** The few reads and writes that all functions are made of. */
export interface DatastorePrimitives {
  readonly set: (value: unknown, key: string, ds: AnyStore) => Promise<void>;
  readonly add: (value: unknown, ds: AnyStore) => Promise<string>;
  readonly get: (key: string, ds: AnyStore) => Promise<Value | undefined>;
  readonly getExisting: (keys: readonly string[], ds: AnyStore) => Promise<Entry[]>;
  readonly getAll: (ds: AnyStore) => Promise<Entry[]>;
  readonly keys: (ds: AnyStore) => Promise<string[]>;
  readonly count: (ds: AnyStore) => Promise<number>;
  readonly delete: (key: string, ds: AnyStore) => Promise<void>;
  readonly deleteAll: (ds: AnyStore) => Promise<void>;
  /** At most `limit` records; all of them without it. */
  readonly queryExactFields: (fields: Value, ds: AnyStore, limit?: number) => Promise<Entry[]>;
  /** At most `limit` records; all of them without it. */
  readonly query: (
    ds: AnyStore,
    lambda: unknown,
    captures: Captures | undefined,
    limit?: number,
  ) => Promise<Entry[]>;
  readonly queryCount: (
    ds: AnyStore,
    lambda: unknown,
    captures: Captures | undefined,
  ) => Promise<number>;
  readonly explain: (
    ds: AnyStore,
    lambda: unknown,
    captures: Captures | undefined,
  ) => Promise<Explanation>;
  /** Names one write of a record, however often it has to be tried. */
  readonly operation: (key: string, ds: AnyStore) => Operation;
  readonly getVersion: (
    key: string,
    ds: AnyStore,
    operation: Operation,
  ) => Promise<Version | undefined>;
  /** False, and nothing is written, if the record is no longer at `revision`. */
  readonly replace: (
    value: unknown,
    key: string,
    revision: number,
    ds: AnyStore,
    operation: Operation,
  ) => Promise<boolean>;
  /** At least one record after key `after`, if there is one; at most `limit`. */
  readonly page: (ds: AnyStore, after: string | null, limit: number) => Promise<Entry[]>;
  readonly generateKey: () => Promise<string>;
}

/** What it is, is the matter of who made it. */
export type Operation = string | number;

/** A record and how often it was written. */
export interface Version {
  readonly revision: number;
  readonly record: Value;
  /** The operation that asks has written it already. */
  readonly applied?: true;
}

/**
 * Runs `start`, which is the work of the function called `name`, and makes the function's value from what it gives.
 * `finish` is apart from `start` because a promise is dear in the sandbox, where Temporal notes each one's stack.
 */
export type Around = <R, T>(
  name: string,
  start: () => Promise<R>,
  finish: (result: R) => T,
) => Promise<T>;

type Functions = Record<
  Exclude<keyof DatastoreFunctions, 'queryExactField' | 'queryOneWithExactField'>,
  (...args: never[]) => Promise<unknown> | AsyncIterable<unknown>
>;

/** Dark's functions from the primitives, each run inside `around`. */
export function datastoreFunctions(on: DatastorePrimitives, around: Around): DatastoreFunctions {
  const call = <R, T>(
    name: Called,
    ds: AnyStore,
    start: () => Promise<R>,
    finish: (result: R) => T,
  ): Promise<T> => {
    const begin = (): Promise<R> => {
      checkStore(ds, name);
      return start();
    };
    return around(`DB.${name}`, begin, finish);
  };
  const exactly = (name: Called, fields: Value, ds: AnyStore, limit?: number): Promise<Entry[]> => {
    checkFieldsGiven(fields, name);
    return on.queryExactFields(fields, ds, limit);
  };
  const functions: Functions = {
    set: (value: Value, key: string, ds: AnyStore) =>
      call(
        'set',
        ds,
        () => on.set(value, key, ds),
        () => value,
      ),
    add: (value: Value, ds: AnyStore) => call('add', ds, () => on.add(value, ds), asIs),
    get: (key: string, ds: AnyStore) =>
      call(
        'get',
        ds,
        () => on.get(key, ds),
        (found) => found && bareDicts(ds.fields, found),
      ),
    getMany: (keys: readonly string[], ds: AnyStore) =>
      call(
        'getMany',
        ds,
        () => on.getExisting(keys, ds),
        (found) => (found.length === keys.length ? records(found, ds) : undefined),
      ),
    getExisting: (keys: readonly string[], ds: AnyStore) =>
      call(
        'getExisting',
        ds,
        () => on.getExisting(keys, ds),
        (found) => records(found, ds),
      ),
    getManyWithKeys: (keys: readonly string[], ds: AnyStore) =>
      call(
        'getManyWithKeys',
        ds,
        () => on.getExisting(keys, ds),
        (found) => withKeys(found, ds),
      ),
    getAll: (ds: AnyStore) =>
      call(
        'getAll',
        ds,
        () => on.getAll(ds),
        (found) => records(found, ds),
      ),
    getAllWithKeys: (ds: AnyStore) =>
      call(
        'getAllWithKeys',
        ds,
        () => on.getAll(ds),
        (found) => withKeys(found, ds),
      ),
    keys: (ds: AnyStore) => call('keys', ds, () => on.keys(ds), asIs),
    count: (ds: AnyStore) => call('count', ds, () => on.count(ds), asIs),
    delete: (key: string, ds: AnyStore) => call('delete', ds, () => on.delete(key, ds), nothing),
    deleteAll: (ds: AnyStore) => call('deleteAll', ds, () => on.deleteAll(ds), nothing),
    queryExactFields: (fields: Value, ds: AnyStore) =>
      call(
        'queryExactFields',
        ds,
        () => exactly('queryExactFields', fields, ds),
        (found) => records(found, ds),
      ),
    queryExactFieldsWithKey: (fields: Value, ds: AnyStore) =>
      call(
        'queryExactFieldsWithKey',
        ds,
        () => exactly('queryExactFieldsWithKey', fields, ds),
        (found) => withKeys(found, ds),
      ),
    queryOneWithExactFields: (fields: Value, ds: AnyStore) =>
      call(
        'queryOneWithExactFields',
        ds,
        () => exactly('queryOneWithExactFields', fields, ds, 2),
        (found) => one(found, ds)?.[1],
      ),
    queryOneWithExactFieldsWithKey: (fields: Value, ds: AnyStore) =>
      call(
        'queryOneWithExactFieldsWithKey',
        ds,
        () => exactly('queryOneWithExactFieldsWithKey', fields, ds, 2),
        (found) => one(found, ds),
      ),
    query: (ds: AnyStore, lambda: unknown, captures?: Captures) =>
      call(
        'query',
        ds,
        () => on.query(ds, lambda, captures),
        (found) => records(found, ds),
      ),
    queryWithKey: (ds: AnyStore, lambda: unknown, captures?: Captures) =>
      call(
        'queryWithKey',
        ds,
        () => on.query(ds, lambda, captures),
        (found) => withKeys(found, ds),
      ),
    queryOne: (ds: AnyStore, lambda: unknown, captures?: Captures) =>
      call(
        'queryOne',
        ds,
        () => on.query(ds, lambda, captures, 2),
        (found) => one(found, ds)?.[1],
      ),
    queryOneWithKey: (ds: AnyStore, lambda: unknown, captures?: Captures) =>
      call(
        'queryOneWithKey',
        ds,
        () => on.query(ds, lambda, captures, 2),
        (found) => one(found, ds),
      ),
    queryCount: (ds: AnyStore, lambda: unknown, captures?: Captures) =>
      call('queryCount', ds, () => on.queryCount(ds, lambda, captures), asIs),
    explain: (ds: AnyStore, lambda: unknown, captures?: Captures) =>
      call('explain', ds, () => on.explain(ds, lambda, captures), asIs),
    update: (key: string, ds: AnyStore, change: Change) =>
      call('update', ds, () => update(on, key, ds, change), asIs),
    scan: (ds: AnyStore, options: ScanOptions = {}) => scan(on, ds, options),
    schema: (ds: AnyStore) => attempt(() => schemaOf(checkedStore(ds, 'schema'))),
    schemaFields: (ds: AnyStore) =>
      attempt(() => Object.keys(checkedStore(ds, 'schemaFields').fields)),
    generateKey: () => on.generateKey(),
  };
  const aliases = {
    queryExactField: functions.queryExactFields,
    queryOneWithExactField: functions.queryOneWithExactFields,
  };
  // The one place where the precise types meet the plain code.
  return Object.freeze({ ...functions, ...aliases }) as unknown as DatastoreFunctions;
}

type Change = (record: Value) => Value | Promise<Value>;

/** Compare and set, until nobody came in between. */
async function update(
  on: DatastorePrimitives,
  key: string,
  ds: AnyStore,
  change: Change,
): Promise<Value> {
  checkFunction(change, 'update', 'change');
  const operation = on.operation(key, ds);
  for (;;) {
    const version = await on.getVersion(key, ds, operation);
    if (version === undefined) {
      throw new NotFoundError(
        'record_not_found',
        `Datastore "${ds.name}" has no record "${key}" to update`,
        {
          details: { datastore: ds.name, key },
          remedies: ['DB.set stores a record whether or not there is one'],
        },
      );
    }
    const present = bareDicts(ds.fields, version.record);
    // In a task that was lost: to change what it changed would be to change it twice.
    if (version.applied === true) return present;
    const record = await change(present);
    if (await on.replace(record, key, version.revision, ds, operation)) return record;
  }
}

const PAGE_SIZE = 500;

async function* scan(
  on: DatastorePrimitives,
  ds: AnyStore,
  { pageSize = PAGE_SIZE }: ScanOptions,
): AsyncGenerator<Entry> {
  checkStore(ds, 'scan');
  if (!Number.isSafeInteger(pageSize) || pageSize < 1) {
    throw new InvalidInputError(
      'usage',
      'Option "pageSize" of DB.scan must be a whole number of 1 or more',
    );
  }
  for (let after: string | null = null; ;) {
    const page: Entry[] = await on.page(ds, after, pageSize);
    for (const [key, record] of page) yield [key, bareDicts(ds.fields, record)];
    after = page.at(-1)?.[0] ?? null;
    if (after === null) return;
  }
}

const asIs = <T>(result: T): T => result;
const nothing = (): void => {};
const attempt = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));

function records(entries: readonly Entry[], ds: AnyStore): Value[] {
  return entries.map(([, record]) => bareDicts(ds.fields, record));
}

function withKeys(entries: readonly Entry[], ds: AnyStore): Record<string, Value> {
  return Object.fromEntries(entries.map(([key, record]) => [key, bareDicts(ds.fields, record)]));
}

function one([first, second]: readonly Entry[], ds: AnyStore): Entry | undefined {
  return first === undefined || second !== undefined
    ? undefined
    : [first[0], bareDicts(ds.fields, first[1])];
}

function schemaOf(ds: AnyStore): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ds.fields).map(([name, type]) => [name, nameOfType(type)]),
  );
}
