import { type Collection, type Db, type Filter, MongoServerError } from 'mongodb';
import { isRefusal, STRICT } from './mongodb-options';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { Explanation, Version } from '../definitions/db';
import { ConflictError, InvalidInputError } from '../shared/errors';
import { checkKey } from '../shared/names';
import { checkStorable } from '../shared/check-storable';
import { applyOnce } from './apply-once';
import { checkedId, decodeRecord, encodeRecord, type StoredRecord } from './codec';
import { deleteOnce } from './delete-once';
import { exactFieldsFilter } from './exact-fields';
import { ResultBudget } from './result-budget';
import { type BoundQuery, countQuery, explainQuery, runQuery } from './run-query';
import type { SchemaLock } from './schema-lock';

type Datastore = DatastoreDefinition;
type Value = Record<string, unknown>;
type Fields = Readonly<Record<string, unknown>>;

/** The datastores of one app: what `DB` does, for handlers (through activities) and for the client. */
export interface Records {
  set(value: unknown, key: string, ds: Datastore, operation: string): Promise<void>;
  get(key: string, ds: Datastore): Promise<Value | undefined>;
  /** In the order of `keys`, repeats kept, absent ones left out. */
  getExisting(keys: readonly string[], ds: Datastore): Promise<[string, Value][]>;
  getAll(ds: Datastore): Promise<[string, Value][]>;
  queryExactFields(fields: Fields, ds: Datastore, limit?: number): Promise<[string, Value][]>;
  keys(ds: Datastore): Promise<string[]>;
  count(ds: Datastore): Promise<number>;
  query(ds: Datastore, query: BoundQuery, limit?: number): Promise<[string, Value][]>;
  queryCount(ds: Datastore, query: BoundQuery): Promise<number>;
  explain(ds: Datastore, query: BoundQuery): Promise<Explanation>;
  /** Says also whether `operation` has written the record, as far as it remembers. */
  getVersion(key: string, ds: Datastore, operation?: string): Promise<Version | undefined>;
  /** Writes if the record is still at `revision`; says whether it did. */
  replace(
    value: unknown,
    key: string,
    revision: number,
    ds: Datastore,
    operation: string,
  ): Promise<boolean>;
  /** The records after key `after`, at most `limit` of them and no more than fit into one result. */
  page(ds: Datastore, after: string | null, limit: number): Promise<[string, Value][]>;
  /** Without `operation` it is done whenever asked; with it, at most once. */
  delete(key: string, ds: Datastore, operation?: string): Promise<void>;
  deleteAll(ds: Datastore, operation: string): Promise<void>;
  /** Brings the stored schema in line: see SchemaLock. */
  prepare(ds: Datastore): Promise<void>;
}

export interface RecordsDeps {
  readonly db: Db;
  readonly lock: SchemaLock;
  /** The most one read may return, in bytes; by default without limit. */
  readonly maxResultBytes?: number;
}

// A lost task runs again after ten seconds or more: so many others may write the record meanwhile. More would make a
// record that is often written too large for one page of PostgreSQL's, and slow.
const KEPT_OPERATIONS = 50;
const WRITE_TRIES = 20;
const DIVIDE = 'Divide it among several records: DB.query finds some of them, DB.scan reads all';

export function createRecords({
  db,
  lock,
  maxResultBytes = Number.POSITIVE_INFINITY,
}: RecordsDeps): Records {
  const collection = (ds: Datastore): Collection<StoredRecord> =>
    db.collection<StoredRecord>(ds.name, STRICT);

  const budgetOf = (ds: Datastore): ResultBudget =>
    new ResultBudget(
      maxResultBytes,
      `What was read from datastore "${ds.name}"`,
      'DB.query or DB.scan',
    );
  const queryBudgetOf = (ds: Datastore): ResultBudget =>
    new ResultBudget(
      maxResultBytes,
      `What this query of datastore "${ds.name}" finds`,
      'a narrower DB.query, DB.queryCount or DB.scan',
    );

  const read = async (
    ds: Datastore,
    filter: Filter<StoredRecord>,
    limit = 0,
    budget = budgetOf(ds),
  ): Promise<[string, Value][]> => {
    const found: [string, Value][] = [];
    for await (const stored of collection(ds).find(filter).sort({ _id: 1 }).limit(limit)) {
      const entry: [string, Value] = [stored._id, decodeRecord(ds, stored)];
      budget.add(entry);
      found.push(entry);
    }
    return found;
  };

  /** Writes in the present generation of the datastore. */
  const writing = async <T>(
    ds: Datastore,
    work: (generation: number) => Promise<T>,
  ): Promise<T> => {
    for (let tries = 0; tries < WRITE_TRIES; tries++) {
      try {
        return await work(await lock.lock(ds));
      } catch (error) {
        if (!(error instanceof MongoServerError && isRefusal(error.code))) throw error;
        await lock.refused(ds); // somebody deleted all records, or changed the schema, since this process looked
      }
    }
    throw new ConflictError(
      'write_conflict',
      `Datastore "${ds.name}" is being changed by too many at once`,
    );
  };

  return {
    async set(value, key, ds, operation) {
      checkKey(key, ds.name);
      const v = encodeRecord(ds, value);
      checkStorable(value, `the record for datastore "${ds.name}"`, DIVIDE);
      await writing(ds, (g) =>
        applyOnce(
          collection(ds),
          key,
          operation,
          { $set: { g, v }, $inc: { r: 1 } },
          KEPT_OPERATIONS,
        ),
      );
    },

    async get(key, ds) {
      checkKey(key, ds.name);
      const stored = await collection(ds).findOne({ _id: key });
      return stored === null ? undefined : decodeRecord(ds, stored);
    },

    async getExisting(keys, ds) {
      checkKeys(keys, ds);
      const found = new Map(await read(ds, { _id: { $in: [...new Set(keys)] } }));
      const entries = keys.flatMap((key): [string, Value][] => {
        const record = found.get(key);
        return record === undefined ? [] : [[key, record]];
      });
      // A key that is asked for often comes back as often.
      const budget = budgetOf(ds);
      if (entries.length > found.size) for (const entry of entries) budget.add(entry);
      return entries;
    },

    getAll: (ds) => read(ds, {}),

    queryExactFields: (fields, ds, limit) =>
      read(ds, exactFieldsFilter(ds, fields), limit, queryBudgetOf(ds)),

    async keys(ds) {
      const budget = new ResultBudget(
        maxResultBytes,
        `The keys of datastore "${ds.name}"`,
        'DB.scan',
      );
      const keys: string[] = [];
      for await (const { _id } of collection(ds)
        .find({}, { projection: { _id: 1 } })
        .sort({ _id: 1 })) {
        const key = checkedId(ds.name, _id);
        budget.add(key);
        keys.push(key);
      }
      return keys;
    },

    count: (ds) => collection(ds).countDocuments({}),

    async query(ds, query, limit) {
      const budget = queryBudgetOf(ds);
      const found: [string, Value][] = [];
      for await (const entry of runQuery(collection(ds), ds, query, limit)) {
        budget.add(entry);
        found.push(entry);
      }
      return found;
    },

    queryCount: (ds, query) => countQuery(collection(ds), ds, query),

    explain: (ds, query) => explainQuery(collection(ds), ds, query),

    async getVersion(key, ds, operation) {
      checkKey(key, ds.name);
      const stored = await collection(ds).findOne({ _id: key });
      if (stored === null) return undefined;
      const version = { revision: stored.r, record: decodeRecord(ds, stored) };
      const applied = operation !== undefined && stored.o.includes(operation);
      return applied ? { ...version, applied } : version;
    },

    async replace(value, key, revision, ds, operation) {
      checkKey(key, ds.name);
      const v = encodeRecord(ds, value);
      checkStorable(value, `the record for datastore "${ds.name}"`, DIVIDE);
      const records = collection(ds);
      const update = {
        $inc: { r: 1 },
        $push: { o: { $each: [operation], $slice: -KEPT_OPERATIONS } },
      };
      const { modifiedCount } = await writing(ds, (g) =>
        records.updateOne(
          { _id: key, r: revision, o: { $ne: operation } },
          { ...update, $set: { g, v } },
        ),
      );
      if (modifiedCount === 1) return true;
      // This very operation may have done it, in a task that was lost.
      return (
        (await records.findOne({ _id: key, o: operation }, { projection: { _id: 1 } })) !== null
      );
    },

    async page(ds, after, limit) {
      const filter: Filter<StoredRecord> = after === null ? {} : { _id: { $gt: after } };
      const budget = budgetOf(ds);
      const found: [string, Value][] = [];
      for await (const stored of collection(ds).find(filter).sort({ _id: 1 }).limit(limit)) {
        const entry: [string, Value] = [stored._id, decodeRecord(ds, stored)];
        if (!budget.fits(entry) && found.length > 0) break; // the rest is in the next page
        found.push(entry);
      }
      return found;
    },

    async delete(key, ds, operation) {
      checkKey(key, ds.name);
      if (operation === undefined) await collection(ds).deleteOne({ _id: key });
      else await deleteOnce(db, collection(ds), key, operation);
    },

    deleteAll: (ds, operation) => lock.clear(ds, operation),

    prepare: (ds) => lock.prepare(ds),
  };
}

function checkKeys(keys: unknown, ds: Datastore): asserts keys is readonly string[] {
  if (!Array.isArray(keys)) {
    throw new InvalidInputError('key_invalid', `Expected a list of keys of datastore "${ds.name}"`);
  }
  for (const key of keys) checkKey(key, ds.name);
}
