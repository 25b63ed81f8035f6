import { uuid4 } from '@temporalio/workflow';
import type { DatastoreDefinition } from '../definitions/datastore';
import {
  type DatastoreFunctions,
  type DatastorePrimitives,
  type Operation,
  datastoreFunctions,
} from '../definitions/db';
import type { CompiledQuery } from '../query/ir';
import { InvalidInputError } from '../shared/errors';
import { type NthWrite, nthWrite } from '../shared/nth-write';
import { MARKER } from '../shared/query-marker';
import { steps } from './local-activities';
import { step } from './step';

const MAX_SUMMARY = 200;

/** Shown by the Temporal UI beside the step: `Users "paul"`. */
const about = (ds: DatastoreDefinition, what?: string): { summary: string } => ({
  summary: (what === undefined ? ds.name : `${ds.name} ${what}`).slice(0, MAX_SUMMARY),
});
const quoted = (key: unknown): string => JSON.stringify(key) ?? '';
const listed = (keys: unknown): string =>
  Array.isArray(keys) ? `${keys.length} keys` : 'no list of keys';

/** The bundler has put the compiled query in place of the lambda; a function that is still one came another way. */
function compiled(lambda: unknown): CompiledQuery {
  if (typeof lambda === 'object' && lambda !== null) return lambda as CompiledQuery;
  throw new InvalidInputError('query_invalid', 'The lambda of this query was not compiled', {
    remedies: [
      'write it as the second argument of DB.query itself, or as a const of the same module',
    ],
  });
}

/** The lambda as it was written, for whoever reads the steps. */
function textOf(lambda: unknown): string {
  const { [MARKER]: query } = lambda as Partial<CompiledQuery>;
  return query?.text.replace(/\s+/g, ' ') ?? '';
}

// On the run's own global object: this module is shared by all event runs in the process.
const WRITES: unique symbol = Symbol.for('nightshift.writes') as never;
const run = globalThis as { [WRITES]?: Map<string, number> };

/** How often this run writes this record, this time included: see `writeId`. */
function countWrite(key: string, ds: DatastoreDefinition): number {
  const writes = (run[WRITES] ??= new Map());
  const record = `${ds.name}/${key}`;
  const n = (writes.get(record) ?? 0) + 1;
  writes.set(record, n);
  return n;
}

const nth = (n: Operation): [NthWrite?] => (n === 1 ? [] : [nthWrite(Number(n))]);

const primitives: DatastorePrimitives = {
  set: (value, key, ds) =>
    steps['DB::set'].executeWithOptions(about(ds, quoted(key)), [
      value,
      key,
      ds.name,
      ...nth(countWrite(key, ds)),
    ]),
  add: (value, ds) => {
    const key = uuid4(); // made here, so that a repeated step writes the same record
    return steps['DB::add'].executeWithOptions(about(ds, quoted(key)), [value, key, ds.name]);
  },
  get: (key, ds) => steps['DB::get'].executeWithOptions(about(ds, quoted(key)), [key, ds.name]),
  getExisting: (keys, ds) =>
    steps['DB::getExisting'].executeWithOptions(about(ds, listed(keys)), [keys, ds.name]),
  getAll: (ds) => steps['DB::getAll'].executeWithOptions(about(ds), [ds.name]),
  keys: (ds) => steps['DB::keys'].executeWithOptions(about(ds), [ds.name]),
  count: (ds) => steps['DB::count'].executeWithOptions(about(ds), [ds.name]),
  delete: (key, ds) =>
    steps['DB::delete'].executeWithOptions(about(ds, quoted(key)), [
      key,
      ds.name,
      ...nth(countWrite(key, ds)),
    ]),
  deleteAll: (ds) =>
    steps['DB::deleteAll'].executeWithOptions(about(ds), [ds.name, ...nth(countWrite('', ds))]),
  queryExactFields: (fields, ds, limit) => {
    const summary = about(ds, Object.keys(fields).join(', '));
    return steps['DB::queryExactFields'].executeWithOptions(summary, [fields, ds.name, limit]);
  },
  query: (ds, lambda, _captures, limit) =>
    steps['DB::query'].executeWithOptions(about(ds, textOf(lambda)), [
      compiled(lambda),
      ds.name,
      limit,
    ]),
  queryCount: (ds, lambda) =>
    steps['DB::queryCount'].executeWithOptions(about(ds, textOf(lambda)), [
      compiled(lambda),
      ds.name,
    ]),
  explain: (ds, lambda) =>
    steps['DB::explain'].executeWithOptions(about(ds, textOf(lambda)), [compiled(lambda), ds.name]),
  operation: countWrite,
  getVersion: (key, ds, operation) =>
    steps['DB::getVersion'].executeWithOptions(about(ds, quoted(key)), [
      key,
      ds.name,
      ...nth(operation),
    ]),
  replace: (value, key, revision, ds, operation) =>
    steps['DB::replace'].executeWithOptions(about(ds, quoted(key)), [
      value,
      key,
      revision,
      ds.name,
      ...nth(operation),
    ]),
  page: (ds, after, limit) =>
    steps['DB::page'].executeWithOptions(
      about(ds, after === null ? 'from the start' : `after ${quoted(after)}`),
      [ds.name, after, limit],
    ),
  generateKey: () => Promise.resolve(uuid4()),
};

/** The app's datastores, for handlers: every call is a step. See `DatastoreFunctions` for each function. */
export const DB: DatastoreFunctions = datastoreFunctions(primitives, step);
