import type { DatastoreDefinition } from '../definitions/datastore';
import type { BoundQuery } from '../datastore/run-query';
import type { Explanation, Version } from '../definitions/db';
import type { CompiledQuery } from '../query/ir';
import { MARKER } from '../shared/query-marker';
import { datastoreUnknown } from '../definitions/datastore';
import type { NthWrite } from '../shared/nth-write';
import { atEdge, writeId } from './at-edge';
import type { ActivityDeps } from './deps';

type Value = Record<string, unknown>;
type Entries = [string, Value][];

/** The steps behind `DB`. The datastore goes by its name, last as in Dark's argument order. */
export interface DatastoreActivities {
  'DB::set'(value: unknown, key: string, datastore: string, nth?: NthWrite): Promise<void>;
  'DB::add'(value: unknown, key: string, datastore: string): Promise<string>;
  'DB::get'(key: string, datastore: string): Promise<Value | undefined>;
  'DB::getExisting'(keys: readonly string[], datastore: string): Promise<Entries>;
  'DB::getAll'(datastore: string): Promise<Entries>;
  'DB::keys'(datastore: string): Promise<string[]>;
  'DB::count'(datastore: string): Promise<number>;
  'DB::delete'(key: string, datastore: string, nth?: NthWrite): Promise<void>;
  'DB::deleteAll'(datastore: string, nth?: NthWrite): Promise<void>;
  'DB::query'(query: CompiledQuery, datastore: string, limit: number | undefined): Promise<Entries>;
  'DB::queryCount'(query: CompiledQuery, datastore: string): Promise<number>;
  'DB::explain'(query: CompiledQuery, datastore: string): Promise<Explanation>;
  'DB::getVersion'(key: string, datastore: string, nth?: NthWrite): Promise<Version | undefined>;
  'DB::replace'(
    value: unknown,
    key: string,
    revision: number,
    datastore: string,
    nth?: NthWrite,
  ): Promise<boolean>;
  'DB::page'(datastore: string, after: string | null, limit: number): Promise<Entries>;
  'DB::queryExactFields'(
    fields: Value,
    datastore: string,
    limit: number | undefined,
  ): Promise<Entries>;
}

export function createDatastoreActivities({
  datastores,
  records,
}: Pick<ActivityDeps, 'datastores' | 'records'>): DatastoreActivities {
  const find = (name: string): DatastoreDefinition => {
    const found = datastores.get(name);
    if (found !== undefined) return found;
    throw datastoreUnknown(name, [...datastores.keys()]);
  };
  return atEdge<DatastoreActivities>({
    'DB::set': (value, key, ds, nth) => records.set(value, key, find(ds), writeId(nth)),
    'DB::add': async (value, key, ds) => {
      await records.set(value, key, find(ds), writeId(undefined)); // the key is new
      return key;
    },
    'DB::get': (key, ds) => records.get(key, find(ds)),
    'DB::getExisting': (keys, ds) => records.getExisting(keys, find(ds)),
    'DB::getAll': (ds) => records.getAll(find(ds)),
    'DB::keys': (ds) => records.keys(find(ds)),
    'DB::count': (ds) => records.count(find(ds)),
    'DB::delete': (key, ds, nth) => records.delete(key, find(ds), writeId(nth)),
    'DB::deleteAll': (ds, nth) => records.deleteAll(find(ds), writeId(nth)),
    'DB::query': (query, ds, limit) => records.query(find(ds), boundQuery(query), limit),
    'DB::queryCount': (query, ds) => records.queryCount(find(ds), boundQuery(query)),
    'DB::explain': (query, ds) => records.explain(find(ds), boundQuery(query)),
    'DB::getVersion': (key, ds, nth) => records.getVersion(key, find(ds), writeId(nth)),
    'DB::replace': (value, key, revision, ds, nth) =>
      records.replace(value, key, revision, find(ds), writeId(nth)),
    'DB::page': (ds, after, limit) => records.page(find(ds), after, limit),
    'DB::queryExactFields': (fields, ds, limit) =>
      records.queryExactFields(fields, find(ds), limit),
  });
}

const boundQuery = ({ [MARKER]: lambda, captures }: CompiledQuery): BoundQuery => ({
  lambda,
  captures,
});
