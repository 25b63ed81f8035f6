import { ConfigError } from '../shared/errors';
import { isIdentifier } from '../shared/names';
import { checkFields, DEFINITION, type Definition, definitionInvalid } from './definition';
import type { Fields, ValueOfFields } from './types';

/** What may be said of a datastore besides its name and fields. */
export interface DatastoreOptions {
  readonly description?: string;
}

/** What `datastore` gives: a frozen value, to be exported from the app's module and passed to `DB`. */
export interface DatastoreDefinition<F extends Fields = Fields> extends Definition<'datastore'> {
  readonly fields: F;
  readonly options: DatastoreOptions;
}

/** The type of a datastore's records: `RecordOf<typeof Users>`. */
export type RecordOf<D extends DatastoreDefinition> = ValueOfFields<D['fields']>;

const MAX_NAME = 100;

/**
 * Defines a datastore: a persistent map from keys (texts) to records with these fields. Read and written with `DB`.
 * @param name letters, digits and `_`, at most 100; the name of the MongoDB collection
 * @throws {InvalidInputError} code `definition_invalid`
 * @example
 * export const Users = datastore('Users', { name: t.String, age: t.Int, joined: t.Date });
 */
export function datastore<F extends Fields>(
  name: string,
  fields: F,
  options: DatastoreOptions = {},
): DatastoreDefinition<F> {
  if (typeof name !== 'string' || !isIdentifier(name) || name.length > MAX_NAME) {
    throw definitionInvalid(
      `A datastore name must be 1 to ${MAX_NAME} letters, digits and "_", not starting with a digit, got ${JSON.stringify(name)}`,
    );
  }
  checkFields(fields, `Datastore "${name}"`);
  return Object.freeze({
    [DEFINITION]: 'datastore' as const,
    name,
    fields: Object.freeze({ ...fields }),
    options: Object.freeze({ ...options }),
  });
}

/** `at`: where it is used, as `file:line:column`. */
export function datastoreUnknown(
  name: string,
  exported: readonly string[],
  at?: string,
): ConfigError {
  const where = at === undefined ? '' : `, which ${at} uses`;
  return new ConfigError(
    'datastore_unknown',
    `The app does not export datastore "${name}"${where}; it exports: ${exported.join(', ') || 'none'}`,
    { details: { datastore: name }, remedies: ['export the datastore from the app module'] },
  );
}
