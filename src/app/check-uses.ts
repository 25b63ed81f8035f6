import { checkFieldNames, exactFieldIndexes } from '../datastore/exact-fields';
import type { App } from '../definitions/app';
import { datastoreUnknown } from '../definitions/datastore';
import { checkQuery } from '../query/compile-query';
import type { LinkedUse } from '../query/link-modules';

/** For each datastore, by name: the paths of its records that its queries want indexes on. */
export type WantedIndexes = ReadonlyMap<string, readonly string[]>;

/**
 * Checks all calls of `DB` against the app's datastores, before the first event: that the datastore is exported, and that
 * queries fit its fields. What the app's text does not tell is checked at its first use.
 * @param refused told of each call that does not fit. Default: the first one is thrown
 * @throws {ConfigError} code `datastore_unknown`
 * @throws {QueryError} code `query_invalid`
 * @throws {InvalidInputError} code `record_invalid` for an exact-field query that names what is no field
 */
export function checkUses(
  app: App,
  uses: readonly LinkedUse[],
  refused: (error: unknown) => void = rethrow,
): WantedIndexes {
  const wanted = new Map<string, string[]>();
  for (const use of uses) {
    if (use.datastore === undefined) continue;
    try {
      const paths = [...(wanted.get(use.datastore) ?? []), ...pathsOf(app, use.datastore, use)];
      wanted.set(use.datastore, [...new Set(paths)]);
    } catch (error) {
      refused(error);
    }
  }
  return wanted;
}

function pathsOf(
  app: App,
  datastore: string,
  { at, lambda, fields = [] }: LinkedUse,
): readonly string[] {
  const definition = app.datastores.get(datastore);
  if (definition === undefined) throw datastoreUnknown(datastore, [...app.datastores.keys()], at);
  checkFieldNames(definition, fields, at);
  return lambda === undefined
    ? exactFieldIndexes(definition, fields)
    : checkQuery(lambda, definition).indexFields;
}

function rethrow(error: unknown): never {
  throw error;
}
