import { type Collection, type Db, MongoBulkWriteError, type WriteError } from 'mongodb';
import { DUPLICATE_KEY, isRefusal, STRICT } from './mongodb-options';
import type { DatastoreDefinition } from '../definitions/datastore';
import { ConflictError, NightshiftError } from '../shared/errors';
import type { PageEntry } from '../shared/migration';
import { checkKey } from '../shared/names';
import { decodeRecord, encodeRecord, type StoredRecord } from './codec';
import { ResultBudget } from './result-budget';
import type { SchemaLock } from './schema-lock';

type Datastore = DatastoreDefinition;
type Value = Record<string, unknown>;

/** Records in pages, for migrations. */
export interface RecordCopier {
  /** The records after key `after`: at most `limit`, and no more than fit into one result. Those unreadable come with the reason. */
  readPage(ds: Datastore, after: string | null, limit: number): Promise<PageEntry[]>;
  /** Stores each record under its key. `operation` writes a record once, however often the page is repeated. */
  writePage(
    page: readonly (readonly [string, Value])[],
    ds: Datastore,
    operation: string,
  ): Promise<void>;
  count(ds: Datastore): Promise<number>;
  /** How many records `operation` wrote. */
  countWritten(ds: Datastore, operation: string): Promise<number>;
}

export interface RecordCopierDeps {
  readonly db: Db;
  readonly lock: SchemaLock;
  readonly maxResultBytes: number;
}

const KEPT_OPERATIONS = 8;
const WRITE_TRIES = 20;

export function createRecordCopier({ db, lock, maxResultBytes }: RecordCopierDeps): RecordCopier {
  const collection = (ds: Datastore): Collection<StoredRecord> =>
    db.collection<StoredRecord>(ds.name, STRICT);

  /** Those of `page` that `operation` has not written yet. */
  const unwritten = async <T extends { readonly key: string }>(
    ds: Datastore,
    page: readonly T[],
    operation: string,
  ): Promise<T[]> => {
    const filter = { _id: { $in: page.map(({ key }) => key) }, o: operation };
    const written = new Set<string>();
    for await (const { _id } of collection(ds).find(filter, { projection: { _id: 1 } }))
      written.add(_id);
    return page.filter(({ key }) => !written.has(key));
  };

  return {
    async readPage(ds, after, limit) {
      const filter = after === null ? {} : { _id: { $gt: after } };
      const budget = new ResultBudget(maxResultBytes, `A page of "${ds.name}"`, 'DB.scan');
      const page: PageEntry[] = [];
      for await (const stored of collection(ds).find(filter).sort({ _id: 1 }).limit(limit)) {
        const entry = entryOf(ds, stored);
        if (!budget.fits(entry) && page.length > 0) break; // the rest is in the next page
        page.push(entry);
      }
      return page;
    },

    async writePage(page, ds, operation) {
      let left = page.map(([key, record]) => {
        checkKey(key, ds.name);
        return { key, v: encodeRecord(ds, record) };
      });
      for (let tries = 0; left.length > 0; tries++) {
        if (tries === WRITE_TRIES) throw busy(ds);
        const g = await lock.lock(ds);
        const errors = await bulkWrite(collection(ds), left, g, operation);
        if (errors.length === 0) return;
        if (errors.some(({ code }) => isRefusal(code))) await lock.refused(ds);
        left = await unwritten(ds, left, operation);
      }
    },

    count: (ds) => collection(ds).countDocuments({}),

    countWritten: (ds, operation) => collection(ds).countDocuments({ o: operation }),
  };
}

function entryOf(ds: Datastore, stored: StoredRecord): PageEntry {
  try {
    return [stored._id, decodeRecord(ds, stored)];
  } catch (error) {
    if (!(error instanceof NightshiftError)) throw error;
    return [stored._id, null, error.message];
  }
}

/**
 * Writes what `operation` has not written before, and gives the errors of those that could not be: refused by the
 * validator, or there already, by this operation or by a first write of somebody else that came in between.
 */
async function bulkWrite(
  collection: Collection<StoredRecord>,
  page: readonly { readonly key: string; readonly v: Value }[],
  g: number,
  operation: string,
): Promise<WriteError[]> {
  const writes = page.map(({ key, v }) => ({
    updateOne: {
      filter: { _id: key, o: { $ne: operation } },
      update: {
        $set: { g, v },
        $inc: { r: 1 },
        $push: { o: { $each: [operation], $slice: -KEPT_OPERATIONS } },
      },
      upsert: true,
    },
  }));
  try {
    await collection.bulkWrite(writes, { ordered: false });
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const errors = [error.writeErrors].flat();
    const expected = ({ code }: WriteError): boolean => code === DUPLICATE_KEY || isRefusal(code);
    if (errors.length === 0 || !errors.every(expected)) throw error;
    return errors;
  }
}

function busy(ds: Datastore): ConflictError {
  return new ConflictError(
    'write_conflict',
    `Datastore "${ds.name}" is being changed by too many at once`,
  );
}
