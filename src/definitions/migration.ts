import { checkHandlerName } from '../shared/names';
import type { DatastoreDefinition } from './datastore';
import { DEFINITION, type Definition, definitionInvalid } from './definition';
import type { Fields, ValueOfFields } from './types';

/** What `migration` gives: a frozen value, to be exported from the app's module. */
export interface MigrationDefinition extends Definition<'migration'> {
  readonly from: DatastoreDefinition;
  readonly to: DatastoreDefinition;
  /** What a record becomes; undefined leaves it out. */
  readonly transform: (record: never, key: string) => unknown;
}

/**
 * Defines a migration: a copy of every record of datastore `from` into datastore `to`, under the same key, as
 * `transform` gives it; a record for which it gives undefined is left out. `from` is only read.
 *
 * `transform` is plain code: it gets a record and returns one, and calls neither `DB` nor anything else that is a step.
 * A migration does nothing by itself. Export it from the app's module, then run it with
 * `nightshift migrate <name>` or `client.migrations.start`; it may be run again at any time.
 *
 * @throws {InvalidInputError} code `handler_name_invalid` or `definition_invalid`
 * @example
 * export const addAuthors = migration('posts-v2', Posts, PostsV2, (post) => ({ ...post, author: 'unknown' }));
 */
export function migration<From extends Fields, To extends Fields>(
  name: string,
  from: DatastoreDefinition<From>,
  to: DatastoreDefinition<To>,
  transform: (
    record: NoInfer<ValueOfFields<From>>,
    key: string,
  ) => NoInfer<ValueOfFields<To>> | undefined,
): MigrationDefinition {
  checkHandlerName(name, 'A migration name');
  checkDatastore(from, `The second argument of migration "${name}"`);
  checkDatastore(to, `The third argument of migration "${name}"`);
  if (from.name === to.name) {
    throw definitionInvalid(
      `Migration "${name}" copies datastore "${from.name}" onto itself; define the new schema under a new name`,
    );
  }
  if (typeof transform !== 'function') {
    throw definitionInvalid(
      `Migration "${name}" needs a function (record, key) => record as its last argument`,
    );
  }
  return Object.freeze({ [DEFINITION]: 'migration' as const, name, from, to, transform });
}

function checkDatastore(value: unknown, where: string): void {
  const kind = (value as Partial<DatastoreDefinition> | null | undefined)?.[DEFINITION];
  if (kind !== 'datastore') throw definitionInvalid(`${where} must be a datastore definition`);
}
