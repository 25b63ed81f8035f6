import { randomUUID } from 'node:crypto';
import { type Captures, type DatastoreFunctions, datastoreFunctions } from '../definitions/db';
import type { CompiledQuery } from '../query/ir';
import { compileFunction } from '../query/parse';
import { MARKER } from '../shared/query-marker';
import type { Records } from './records';
import type { BoundQuery } from './run-query';
import { newWriteId } from './write-id';

/** `DB` for Node: the same functions, straight on the database. Every call is an operation of its own. */
export function createClientDB(records: Records): DatastoreFunctions {
  return datastoreFunctions(
    {
      set: (value, key, ds) => records.set(value, key, ds, newWriteId()),
      add: async (value, ds) => {
        const key = randomUUID();
        await records.set(value, key, ds, newWriteId());
        return key;
      },
      get: (key, ds) => records.get(key, ds),
      getExisting: (keys, ds) => records.getExisting(keys, ds),
      getAll: (ds) => records.getAll(ds),
      keys: (ds) => records.keys(ds),
      count: (ds) => records.count(ds),
      delete: (key, ds) => records.delete(key, ds),
      deleteAll: (ds) => records.deleteAll(ds, newWriteId()),
      queryExactFields: (fields, ds, limit) => records.queryExactFields(fields, ds, limit),
      query: (ds, lambda, captures, limit) =>
        records.query(ds, boundQuery(lambda, captures), limit),
      queryCount: (ds, lambda, captures) => records.queryCount(ds, boundQuery(lambda, captures)),
      explain: (ds, lambda, captures) => records.explain(ds, boundQuery(lambda, captures)),
      operation: newWriteId,
      getVersion: (key, ds, operation) => records.getVersion(key, ds, String(operation)),
      replace: (value, key, revision, ds, operation) =>
        records.replace(value, key, revision, ds, String(operation)),
      page: (ds, after, limit) => records.page(ds, after, limit),
      generateKey: () => Promise.resolve(randomUUID()),
    },
    async (_name, start, finish) => finish(await start()),
  );
}

/** The REPL compiles a query before it comes here, so that the lambda's captures need not be named. */
function boundQuery(lambda: unknown, captures: Captures = {}): BoundQuery {
  if (typeof lambda === 'object' && lambda !== null && MARKER in lambda) {
    const compiled = lambda as CompiledQuery;
    return { lambda: compiled[MARKER], captures: compiled.captures };
  }
  return { lambda: compileFunction(lambda).ir, captures };
}
