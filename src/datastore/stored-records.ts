import type { Collection, Db } from 'mongodb';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { Explanation } from '../definitions/db';
import { compileText } from '../query/parse';
import { ConflictError, InvalidInputError, NightshiftError, NotFoundError } from '../shared/errors';
import { checkKey } from '../shared/names';
import { decodeRecord, type StoredRecord } from './codec';
import { STRICT } from './mongodb-options';
import { recordFromJson } from './record-from-json';
import { pageByField } from './page-by-field';
import type { Records } from './records';
import { newWriteId } from './write-id';

type Value = Record<string, unknown>;

/** A key with its record; or, for a record that does not fit its schema, with what is wrong with it. */
export interface RecordEntry {
  readonly key: string;
  readonly record?: Readonly<Value>;
  readonly problem?: string;
}

export interface RecordVersion extends RecordEntry {
  /** How often it was written. */
  readonly revision: number;
}

/** Which page of a datastore's records. */
export interface PageOptions {
  /** Only records after this key. */
  readonly after?: string;
  /** Only records before this key; of these the last. */
  readonly before?: string;
  /** A field with an index, in whose order they come instead of that of their keys; goes with `after` only. */
  readonly by?: string;
  /** At most so many. Default 50. */
  readonly limit?: number;
}

/** Records that a query found, and how. */
export interface QueryAnswer {
  /** The first of them, in key order. */
  readonly records: readonly RecordEntry[];
  /** How all of them were found: by which indexes, reading how many, and how many there are. */
  readonly explanation: Explanation;
}

/** Records of a datastore of which nothing but the name is known. All reject with code `datastore_unknown`. */
export interface StoredRecords {
  /**
   * Some records, in key order or that of a field.
   * @throws {InvalidInputError} code `query_invalid` if `by` is no field with an index
   * @example const first = await client.datastores.page('Users', { limit: 10 })
   */
  page(name: string, options?: PageOptions): Promise<RecordEntry[]>;
  /**
   * The record under `key`, and its revision; undefined if there is none.
   * @throws {InvalidInputError} code `key_invalid`
   */
  record(name: string, key: string): Promise<RecordVersion | undefined>;
  /**
   * The records for which a lambda returns `true`, as `DB.query`. The lambda is a text: it is compiled, and never run.
   * @param options.limit at most so many records. Default 50
   * @throws {InvalidInputError} code `query_invalid` for what cannot be compiled
   * @example const { records, explanation } = await client.datastores.query('Users', '(u) => u.age > 30')
   */
  query(name: string, lambda: string, options?: { readonly limit?: number }): Promise<QueryAnswer>;
  /**
   * Writes a record in place of the one at `revision`. It may be as JSON has it: a time as its ISO text, and
   * `"<password>"` for a password that stays.
   * @throws {InvalidInputError} code `record_invalid`, naming each field that is wrong
   * @throws {ConflictError} code `write_conflict` if somebody else has written it since: nothing is written then
   * @throws {NotFoundError} code `record_not_found`
   */
  replace(name: string, key: string, record: unknown, revision: number): Promise<void>;
  /** Deletes the record under `key`; a missing one is fine. */
  delete(name: string, key: string): Promise<void>;
}

interface Deps {
  readonly db: Db;
  readonly records: Records;
  readonly definitionOf: (name: string) => Promise<DatastoreDefinition>;
}

const DEFAULT_LIMIT = 50;
const LAMBDA_FILE = 'query';

export function createStoredRecords({ db, records, definitionOf }: Deps): StoredRecords {
  const collection = (name: string): Collection<StoredRecord> =>
    db.collection<StoredRecord>(name, STRICT);

  const find = async (ds: DatastoreDefinition, key: string): Promise<RecordVersion | undefined> => {
    checkKey(key, ds.name);
    const stored = await collection(ds.name).findOne({ _id: key });
    return stored === null ? undefined : { ...entryOf(ds, stored), revision: stored.r };
  };

  return {
    async page(name, { after, before, by, limit = DEFAULT_LIMIT } = {}) {
      const ds = await definitionOf(name);
      if (by !== undefined) {
        const page = { records: collection(name), ds, field: by, after, limit };
        return (await pageByField(page)).map((each) => entryOf(ds, each));
      }
      const range = {
        ...(after === undefined ? {} : { $gt: after }),
        ...(before === undefined ? {} : { $lt: before }),
      };
      const filter = after === undefined && before === undefined ? {} : { _id: range };
      const backwards = before !== undefined && after === undefined;
      const stored = await collection(name)
        .find(filter)
        .sort({ _id: backwards ? -1 : 1 })
        .limit(limit)
        .toArray();
      return (backwards ? stored.reverse() : stored).map((each) => entryOf(ds, each));
    },

    record: async (name, key) => find(await definitionOf(name), key),

    async query(name, lambda, { limit = DEFAULT_LIMIT } = {}) {
      const ds = await definitionOf(name);
      const { ir, captures } = compileText(lambda, LAMBDA_FILE);
      const [capture] = captures;
      if (capture !== undefined) throw unknownName(capture.name, ds);
      const query = { lambda: ir, captures: {} };
      const [found, explanation] = await Promise.all([
        records.query(ds, query, limit),
        records.explain(ds, query),
      ]);
      return { records: found.map(([key, record]) => ({ key, record })), explanation };
    },

    async replace(name, key, record, revision) {
      const ds = await definitionOf(name);
      const before = await find(ds, key);
      if (before === undefined) throw notFound(ds, key);
      const value = recordFromJson(ds.fields, record, before.record);
      if (
        before.revision !== revision ||
        !(await records.replace(value, key, revision, ds, newWriteId()))
      )
        throw changed(ds, key);
    },

    delete: async (name, key) => records.delete(key, await definitionOf(name)),
  };
}

function entryOf(ds: DatastoreDefinition, stored: StoredRecord): RecordEntry {
  try {
    return { key: stored._id, record: decodeRecord(ds, stored) };
  } catch (error) {
    if (!(error instanceof NightshiftError)) throw error;
    return { key: stored._id, problem: error.message };
  }
}

function unknownName(name: string, ds: DatastoreDefinition): InvalidInputError {
  return new InvalidInputError(
    'query_invalid',
    `The query uses "${name}", and knows nothing but its record; fields: ${Object.keys(ds.fields).join(', ')}`,
    { details: { name }, remedies: ['write the value itself'] },
  );
}

function notFound(ds: DatastoreDefinition, key: string): NotFoundError {
  return new NotFoundError('record_not_found', `Datastore "${ds.name}" has no record "${key}"`, {
    details: { datastore: ds.name, key },
  });
}

function changed(ds: DatastoreDefinition, key: string): ConflictError {
  return new ConflictError(
    'write_conflict',
    `Record "${key}" of datastore "${ds.name}" has been changed by somebody else meanwhile`,
    {
      details: { datastore: ds.name, key },
      remedies: ['look at it as it is now, and make your change anew'],
    },
  );
}
