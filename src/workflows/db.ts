import { uuid4 } from '@temporalio/workflow';
import { complaintsAboutRecord, nameOfValue } from '../definitions/check-value';
import type { DatastoreDefinition } from '../definitions/datastore';
import {
  type DatastoreFunctions,
  type DatastorePrimitives,
  type Operation,
  datastoreFunctions,
} from '../definitions/db';
import type { CompiledQuery } from '../query/ir';
import { InvalidInputError } from '../shared/errors';
import { checkKey } from '../shared/names';
import { type NthWrite, nthWrite } from '../shared/nth-write';
import { MARKER } from '../shared/query-marker';
import { inspectValue } from '../shared/storable';
import { summaryText } from '../shared/summary';
import { runStep } from './local-activities';
import { step } from './step';

const SHOWN_CODE = 200;

/** `Users "paul"`. */
const about = (ds: DatastoreDefinition, what?: string): { summary: string } => ({
  summary: summaryText(what === undefined ? ds.name : `${ds.name} ${what}`),
});
const quoted = (key: unknown): string => JSON.stringify(key) ?? '';
const listed = (keys: unknown): string =>
  Array.isArray(keys) ? `${keys.length} keys` : 'no list of keys';

/**
 * A record that can travel to its step; whether it fits the datastore is the step's to say. What cannot travel, Temporal
 * would refuse with an error that names nothing and is tried again.
 */
function storable(value: unknown, ds: DatastoreDefinition): unknown {
  const { problem } = inspectValue(value, 'the record');
  if (problem === undefined) return value;
  const complaints = complaintsAboutRecord(ds.fields, value, ds.name);
  const wrong = complaints.length > 0 ? complaints.join(' & ') : `Cannot be stored: ${problem}`;
  throw new InvalidInputError('record_invalid', wrong, { details: { datastore: ds.name } });
}

/** The same for the fields of an exact-field query. */
function comparable(
  fields: Readonly<Record<string, unknown>>,
  ds: DatastoreDefinition,
): Readonly<Record<string, unknown>> {
  const { problem } = inspectValue(fields, ds.name);
  if (problem === undefined) return fields;
  throw new InvalidInputError('record_invalid', `Cannot be compared: ${problem}`, {
    details: { datastore: ds.name },
  });
}

/** A key that is no text may be anything, also what cannot travel. */
function text(key: string, ds: DatastoreDefinition): string {
  if (typeof key !== 'string') checkKey(key, ds.name);
  return key;
}

function keysOf(keys: readonly string[], ds: DatastoreDefinition): readonly string[] {
  if (Array.isArray(keys)) for (const key of keys as readonly string[]) text(key, ds);
  return keys;
}

/** The bundler has put the compiled query in place of the lambda; a function that is still one came another way. */
function compiled(lambda: unknown, ds: DatastoreDefinition): CompiledQuery {
  if (typeof lambda === 'object' && lambda !== null && MARKER in lambda)
    return withStorableCaptures(lambda as CompiledQuery);
  if (typeof lambda !== 'function') {
    throw new InvalidInputError(
      'query_invalid',
      `Expected a lambda as second argument of a query of datastore "${ds.name}", got ${nameOfValue(lambda)}`,
      { remedies: ['write it there: DB.query(Users, (u) => …)'] },
    );
  }
  const text = Function.prototype.toString.call(lambda).replace(/\s+/g, ' ').slice(0, SHOWN_CODE);
  throw new InvalidInputError(
    'query_invalid',
    `A query of datastore "${ds.name}" was not compiled when the app was bundled: ${text}`,
    {
      remedies: [
        'import DB from "nightshift" in the module that makes the query, and call DB.query there',
        'write the lambda as its second argument, or as a const of the same module',
      ],
    },
  );
}

function withStorableCaptures(query: CompiledQuery): CompiledQuery {
  for (const [name, value] of Object.entries(query.captures)) {
    const { problem } = inspectValue(value, `the captured ${name}`);
    if (problem === undefined) continue;
    const { file, line, column } = query[MARKER];
    throw new InvalidInputError(
      'capture_invalid',
      `Query at ${file}:${line}:${column}: ${problem}, which cannot be compared with what is stored`,
    );
  }
  return query;
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
    runStep('DB::set', about(ds, quoted(key)), [
      storable(value, ds),
      text(key, ds),
      ds.name,
      ...nth(countWrite(key, ds)),
    ]),
  add: (value, ds) => {
    const key = uuid4(); // made here, so that a repeated step writes the same record
    return runStep('DB::add', about(ds, quoted(key)), [storable(value, ds), key, ds.name]);
  },
  get: (key, ds) => runStep('DB::get', about(ds, quoted(key)), [text(key, ds), ds.name]),
  getExisting: (keys, ds) =>
    runStep('DB::getExisting', about(ds, listed(keys)), [keysOf(keys, ds), ds.name]),
  getAll: (ds) => runStep('DB::getAll', about(ds), [ds.name]),
  keys: (ds) => runStep('DB::keys', about(ds), [ds.name]),
  count: (ds) => runStep('DB::count', about(ds), [ds.name]),
  delete: (key, ds) =>
    runStep('DB::delete', about(ds, quoted(key)), [
      text(key, ds),
      ds.name,
      ...nth(countWrite(key, ds)),
    ]),
  deleteAll: (ds) => runStep('DB::deleteAll', about(ds), [ds.name, ...nth(countWrite('', ds))]),
  queryExactFields: (fields, ds, limit) => {
    const summary = about(ds, Object.keys(fields).join(', '));
    return runStep('DB::queryExactFields', summary, [comparable(fields, ds), ds.name, limit]);
  },
  query: (ds, lambda, _captures, limit) =>
    runStep('DB::query', about(ds, textOf(lambda)), [compiled(lambda, ds), ds.name, limit]),
  queryCount: (ds, lambda) =>
    runStep('DB::queryCount', about(ds, textOf(lambda)), [compiled(lambda, ds), ds.name]),
  explain: (ds, lambda) =>
    runStep('DB::explain', about(ds, textOf(lambda)), [compiled(lambda, ds), ds.name]),
  operation: countWrite,
  getVersion: (key, ds, operation) =>
    runStep('DB::getVersion', about(ds, quoted(key)), [text(key, ds), ds.name, ...nth(operation)]),
  replace: (value, key, revision, ds, operation) =>
    runStep('DB::replace', about(ds, quoted(key)), [
      storable(value, ds),
      text(key, ds),
      revision,
      ds.name,
      ...nth(operation),
    ]),
  page: (ds, after, limit) =>
    runStep('DB::page', about(ds, after === null ? 'from the start' : `after ${quoted(after)}`), [
      ds.name,
      after,
      limit,
    ]),
  generateKey: () => Promise.resolve(uuid4()),
};

/** The app's datastores, for handlers: every call is a step. See `DatastoreFunctions` for each function. */
export const DB: DatastoreFunctions = datastoreFunctions(primitives, step);
