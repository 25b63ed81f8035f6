import { BSON } from 'mongodb';
import { decodeRecord, encodeRecord, type StoredRecord } from '../datastore/codec';
import type { Records } from '../datastore/records';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { Version } from '../definitions/db';
import { checkStorable } from '../shared/check-storable';
import { checkKey } from '../shared/names';

export interface DryRecords extends Records {
  /** The datastores that were queried after a write of this run, which the queries did not see. */
  readonly unseen: ReadonlySet<string>;
}

interface Written {
  /** All that was stored before is deleted. */
  cleared: boolean;
  /** By key; undefined for a deleted one. */
  readonly records: Map<string, Version | undefined>;
}

/** The app's datastores as they are, for a run whose writes are kept here and done nowhere. Reads by key see them. */
export function createDryRecords(real: Records): DryRecords {
  const stores = new Map<string, Written>();
  const unseen = new Set<string>();
  let revision = 0;

  const written = ({ name }: DatastoreDefinition): Written => {
    const store = stores.get(name) ?? { cleared: false, records: new Map() };
    stores.set(name, store);
    return store;
  };

  const getVersion = async (key: string, ds: DatastoreDefinition): Promise<Version | undefined> => {
    checkKey(key, ds.name);
    const { cleared, records } = written(ds);
    if (records.has(key)) return records.get(key);
    return cleared ? undefined : real.getVersion(key, ds);
  };

  const set = (value: unknown, key: string, ds: DatastoreDefinition): void => {
    checkKey(key, ds.name);
    const record = storedForm(value, key, ds);
    revision--; // unlike any that is stored
    written(ds).records.set(key, { revision, record });
  };

  const stored = <T>(ds: DatastoreDefinition, read: () => Promise<T>): Promise<T> => {
    const { cleared, records } = written(ds);
    if (cleared || records.size > 0) unseen.add(ds.name);
    return read();
  };

  return {
    unseen,
    getVersion,
    get: async (key, ds) => (await getVersion(key, ds))?.record,
    async getExisting(keys, ds) {
      const { cleared, records } = written(ds);
      const isOurs = (key: string): boolean => cleared || records.has(key);
      const others = await real.getExisting(
        // What is no list, the real one refuses.
        Array.isArray(keys) ? keys.filter((key: string) => !isOurs(key)) : keys,
        ds,
      );
      const found = new Map(others);
      return keys.flatMap((key): [string, Record<string, unknown>][] => {
        const record = isOurs(key) ? records.get(key)?.record : found.get(key);
        return record === undefined ? [] : [[key, record]];
      });
    },

    set: (value, key, ds) => Promise.resolve(set(value, key, ds)),
    async replace(value, key, from, ds) {
      if ((await getVersion(key, ds))?.revision !== from) return false;
      set(value, key, ds);
      return true;
    },
    delete(key, ds) {
      checkKey(key, ds.name);
      written(ds).records.set(key, undefined);
      return Promise.resolve();
    },
    deleteAll(ds) {
      stores.set(ds.name, { cleared: true, records: new Map() });
      return Promise.resolve();
    },

    getAll: (ds) => stored(ds, () => real.getAll(ds)),
    queryExactFields: (fields, ds, limit) =>
      stored(ds, () => real.queryExactFields(fields, ds, limit)),
    keys: (ds) => stored(ds, () => real.keys(ds)),
    count: (ds) => stored(ds, () => real.count(ds)),
    query: (ds, query, limit) => stored(ds, () => real.query(ds, query, limit)),
    queryCount: (ds, query) => stored(ds, () => real.queryCount(ds, query)),
    explain: (ds, query) => stored(ds, () => real.explain(ds, query)),
    page: (ds, after, limit) => stored(ds, () => real.page(ds, after, limit)),
    prepare: () => Promise.resolve(),
  };
}

/** As a read would give it. */
function storedForm(value: unknown, key: string, ds: DatastoreDefinition): Record<string, unknown> {
  const v = encodeRecord(ds, value);
  checkStorable(value, `the record for datastore "${ds.name}"`);
  const stored = BSON.deserialize(BSON.serialize({ _id: key, g: 0, r: 0, o: [], v }));
  return decodeRecord(ds, stored as StoredRecord);
}
