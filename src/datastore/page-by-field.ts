import type { Collection, Filter } from 'mongodb';
import type { DatastoreDefinition } from '../definitions/datastore';
import { InvalidInputError, NotFoundError } from '../shared/errors';
import type { StoredRecord } from './codec';

interface PageByField {
  readonly records: Collection<StoredRecord>;
  readonly ds: DatastoreDefinition;
  readonly field: string;
  /** The key of the last record of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

const SORTABLE = ['String', 'Int', 'Float', 'Bool', 'Date', 'UUID'];

/**
 * Records in the order of a field, those with the same value in the order of their keys. An index on the field alone
 * serves it: no question asks for both orders at once, for which MongoDB would have to sort all that is left.
 */
export async function pageByField(page: PageByField): Promise<StoredRecord[]> {
  const { records, ds, field, after, limit } = page;
  const type = Object.hasOwn(ds.fields, field) ? ds.fields[field] : undefined;
  const indexes = await records.indexes();
  if (
    type === undefined ||
    !SORTABLE.includes(type.kind) ||
    !indexes.some(({ key }) => Object.keys(key)[0] === `v.${field}`)
  )
    throw unsortable(ds, field);
  const path = `v.${field}`;
  const withValue = (value: unknown, from: string | undefined, most: number) =>
    records
      .find({
        [path]: value,
        ...(from === undefined ? {} : { _id: { $gt: from } }),
      } as Filter<StoredRecord>)
      .sort({ _id: 1 })
      .limit(most)
      .toArray();

  const found: StoredRecord[] = [];
  let beyond: Filter<StoredRecord> = {};
  if (after !== undefined) {
    const last = await records.findOne({ _id: after });
    if (last === null) throw gone(ds, after);
    const value = last.v[field];
    found.push(...(await withValue(value, after, limit)));
    beyond = { [path]: { $gt: value } };
  }
  if (found.length >= limit) return found;
  const next = await records
    .find(beyond)
    .sort({ [path]: 1 })
    .limit(limit - found.length)
    .toArray();
  if (next.length === 0) return found;
  const groups = groupsOf(next, field);
  const cut = groups.pop() ?? [];
  // All of the other groups are here; of the last one, any, and not those with the first keys
  for (const group of groups) found.push(...group.sort((a, b) => (a._id < b._id ? -1 : 1)));
  found.push(...(await withValue(cut[0]?.v[field], undefined, cut.length)));
  return found;
}

/** Neighbours with the same value. */
function groupsOf(records: readonly StoredRecord[], field: string): StoredRecord[][] {
  const groups: StoredRecord[][] = [];
  let value: string | undefined;
  for (const record of records) {
    const text = String(record.v[field]);
    if (text === value) groups.at(-1)?.push(record);
    else groups.push([record]);
    value = text;
  }
  return groups;
}

function unsortable(ds: DatastoreDefinition, field: string): InvalidInputError {
  return new InvalidInputError(
    'query_invalid',
    `Records of "${ds.name}" cannot be had in the order of "${field}": it takes a field with an index, of type ${SORTABLE.join(', ')}`,
    { details: { datastore: ds.name, field } },
  );
}

function gone(ds: DatastoreDefinition, key: string): NotFoundError {
  return new NotFoundError(
    'record_not_found',
    `Datastore "${ds.name}" has no record "${key}" any more, after which to go on`,
    { details: { datastore: ds.name, key }, remedies: ['begin with the first page'] },
  );
}
