import { type Db, MongoServerError } from 'mongodb';
import { datastore, type DatastoreDefinition } from '../definitions/datastore';
import { textOfType } from '../definitions/types';
import { NotFoundError } from '../shared/errors';
import { nearest } from '../shared/nearest';
import type { Records } from './records';
import { fieldsOf } from './schema';
import type { DatastoreState, SchemaLock } from './schema-lock';
import { createStoredRecords, type StoredRecords } from './stored-records';

/** What is known of a datastore without its definition. */
export interface DatastoreInfo {
  readonly name: string;
  /** The fields and their types, as `DB.schema` has them: `{ name: 'String', pets: 'List<String>' }`. */
  readonly fields: Readonly<Record<string, string>>;
  /** How many records it holds. */
  readonly records: number;
  /** Whether its schema is fixed, because it holds data or is about to. */
  readonly locked: boolean;
  /** The fields that have an index, `a, b` for one of two. */
  readonly indexes: readonly string[];
}

/** The datastores by their names alone, for programs that have no definitions. */
export interface Datastores extends StoredRecords {
  /** All that a worker process has prepared or that were written to, by name. Counts their records. */
  list(): Promise<DatastoreInfo[]>;
  /**
   * @throws {NotFoundError} code `datastore_unknown`, naming the nearest
   * @example const { records, indexes } = await client.datastores.get('Users');
   */
  get(name: string): Promise<DatastoreInfo>;
}

const NAMESPACE_NOT_FOUND = 26;

export function createDatastores(
  db: Db,
  lock: Pick<SchemaLock, 'list'>,
  records: Records,
): Datastores {
  const describe = async ({
    _id: name,
    schema,
    locked,
  }: DatastoreState): Promise<DatastoreInfo> => {
    const [records, indexes] = await Promise.all([
      db.collection(name).countDocuments({}, { readConcern: { level: 'majority' } }),
      indexesOf(db, name),
    ]);
    const fields = Object.entries(schema).map(([field, type]) => [field, textOfType(type)]);
    return {
      name,
      fields: Object.fromEntries(fields) as Record<string, string>,
      records,
      locked,
      indexes,
    };
  };
  const find = async (name: string): Promise<DatastoreState> => {
    const states = await lock.list();
    const state = states.find(({ _id }) => _id === name);
    if (state !== undefined) return state;
    throw unknown(
      name,
      states.map(({ _id }) => _id),
    );
  };
  const definitionOf = async (name: string): Promise<DatastoreDefinition> =>
    datastore(name, fieldsOf((await find(name)).schema));
  return {
    list: async () => Promise.all((await lock.list()).map(describe)),
    get: async (name) => describe(await find(name)),
    ...createStoredRecords({ db, records, definitionOf }),
  };
}

/** The key's own left out. */
async function indexesOf(db: Db, name: string): Promise<string[]> {
  try {
    const indexes = await db.collection(name).indexes();
    const paths = indexes.map(({ key }) => Object.keys(key).map(fieldOf).join(', '));
    return paths.filter((path) => path !== '_id').sort();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

const fieldOf = (path: string): string => path.replace(/^v\./, '');

function unknown(name: string, names: readonly string[]): NotFoundError {
  const near = nearest(name, names);
  return new NotFoundError('datastore_unknown', `There is no datastore "${name}"`, {
    details: { name, datastores: names },
    remedies: [
      near === undefined ? `there are: ${names.join(', ') || 'none'}` : `did you mean "${near}"?`,
    ],
  });
}
