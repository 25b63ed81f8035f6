import type { Collection, Filter } from 'mongodb';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { Explanation } from '../definitions/db';
import { compileQuery, type Query } from '../query/compile-query';
import type { Lambda } from '../query/ir';
import { InvalidInputError } from '../shared/errors';
import { decodeRecord, type StoredRecord } from './codec';
import { readExplain } from './read-explain';

/** A compiled lambda with the values of its captures. */
export interface BoundQuery {
  readonly lambda: Lambda;
  readonly captures: Readonly<Record<string, unknown>>;
}

type Entry = [string, Record<string, unknown>];
type Records = Collection<StoredRecord>;

// A filter that finds far more than the lambda means is no query but a search through everything.
const MAX_CANDIDATES = 20_000;

/** The records for which the lambda returns `true`, in key order; at most `limit`. */
export async function* runQuery(
  records: Records,
  ds: DatastoreDefinition,
  query: BoundQuery,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Entry> {
  const { filter, recheck, matches } = compiled(ds, query);
  const cursor = records.find(filter).sort({ _id: 1 });
  if (!recheck && Number.isFinite(limit)) cursor.limit(limit);
  let candidates = 0;
  let found = 0;
  for await (const stored of cursor) {
    const record = decodeRecord(ds, stored);
    if (recheck) {
      if (++candidates > MAX_CANDIDATES) throw tooMany(ds);
      if (!matches(record)) continue;
    }
    yield [stored._id, record];
    if (++found >= limit) return;
  }
}

export async function countQuery(
  records: Records,
  ds: DatastoreDefinition,
  query: BoundQuery,
): Promise<number> {
  const { filter, recheck } = compiled(ds, query);
  if (!recheck) return records.countDocuments(filter);
  const entries = runQuery(records, ds, query);
  let count = 0;
  while (!(await entries.next()).done) count++;
  return count;
}

export async function explainQuery(
  records: Records,
  ds: DatastoreDefinition,
  query: BoundQuery,
): Promise<Explanation> {
  const { filter, recheck } = compiled(ds, query);
  const [explain, returned] = await Promise.all([
    records.find(filter).sort({ _id: 1 }).explain('executionStats'),
    countQuery(records, ds, query),
  ]);
  const plan = readExplain(explain);
  // Without an index every record is read, whether or not the server says so.
  const read =
    plan.read ?? (plan.indexes.length === 0 ? await records.countDocuments({}) : undefined);
  return {
    indexes: plan.indexes,
    ...(read === undefined ? {} : { read }),
    returned,
    filter,
    recheck,
  };
}

type RunnableQuery = Omit<Query, 'filter'> & { readonly filter: Filter<StoredRecord> };

const compiled = (ds: DatastoreDefinition, { lambda, captures }: BoundQuery): RunnableQuery =>
  compileQuery(lambda, ds, captures);

function tooMany(ds: DatastoreDefinition): InvalidInputError {
  return new InvalidInputError(
    'query_invalid',
    `This query of datastore "${ds.name}" has to look at more than ${MAX_CANDIDATES} records one by one`,
    { remedies: ['compare one more field with a constant, so that an index narrows it down'] },
  );
}
