import { ConfigError } from '../shared/errors';
import type { CronDefinition } from './cron';
import type { DatastoreDefinition } from './datastore';
import { DEFINITION } from './definition';
import type { MigrationDefinition } from './migration';
import type { WorkerDefinition } from './worker';

export type HandlerDefinition = WorkerDefinition | CronDefinition;

/** What an app's module exports, sorted out. */
export interface App {
  readonly workers: ReadonlyMap<string, WorkerDefinition>;
  readonly crons: ReadonlyMap<string, CronDefinition>;
  readonly datastores: ReadonlyMap<string, DatastoreDefinition>;
  readonly migrations: ReadonlyMap<string, MigrationDefinition>;
  /** Workers and crons by name: what an event is looked up in. */
  readonly handlers: ReadonlyMap<string, HandlerDefinition>;
}

/**
 * Collects the definitions among the exports of an app's module. Other exports are the user's own business.
 * @throws {ConfigError} code `definition_duplicate` if two different definitions share a name,
 *   `app_invalid` if there is none at all
 */
export function collectApp(exports: Readonly<Record<string, unknown>>, where: string): App {
  const workers = new Map<string, WorkerDefinition>();
  const crons = new Map<string, CronDefinition>();
  const datastores = new Map<string, DatastoreDefinition>();
  const migrations = new Map<string, MigrationDefinition>();
  const handlers = new Map<string, HandlerDefinition>();
  for (const value of distinctDefinitions(exports)) {
    switch (value[DEFINITION]) {
      case 'worker':
        add(workers, value, where);
        add(handlers, value, where);
        break;
      case 'cron':
        add(crons, value, where);
        add(handlers, value, where);
        break;
      case 'datastore':
        addDatastore(datastores, value, where);
        break;
      case 'migration':
        add(migrations, value, where);
    }
  }
  if (handlers.size + datastores.size + migrations.size === 0) {
    throw new ConfigError(
      'app_invalid',
      `The app module ${where} exports no worker, cron or datastore`,
      {
        remedies: [
          'export each definition, e.g. export const onSignup = worker("onSignup", async (event) => { … })',
        ],
      },
    );
  }
  return { workers, crons, datastores, migrations, handlers };
}

type AnyDefinition = WorkerDefinition | CronDefinition | DatastoreDefinition | MigrationDefinition;

function distinctDefinitions(exports: Readonly<Record<string, unknown>>): Set<AnyDefinition> {
  const found = new Set<AnyDefinition>(); // the same definition may be exported twice, under two names
  for (const value of Object.values(exports)) {
    if (typeof value === 'object' && value !== null && DEFINITION in value)
      found.add(value as AnyDefinition);
  }
  return found;
}

function add<D extends AnyDefinition>(map: Map<string, D>, definition: D, where: string): void {
  if (map.has(definition.name)) throw duplicate(definition.name, definition.name, where);
  map.set(definition.name, definition);
}

/** Names that differ only in case would be one database file on some systems, and one name to a tired reader. */
function addDatastore(
  map: Map<string, DatastoreDefinition>,
  definition: DatastoreDefinition,
  where: string,
): void {
  const lower = definition.name.toLowerCase();
  for (const name of map.keys()) {
    if (name.toLowerCase() === lower) throw duplicate(name, definition.name, where);
  }
  map.set(definition.name, definition);
}

function duplicate(first: string, second: string, where: string): ConfigError {
  return new ConfigError(
    'definition_duplicate',
    first === second
      ? `Two definitions in ${where} share the name "${first}"`
      : `Two datastores in ${where} have names that differ in nothing but case: "${first}" and "${second}"`,
    {
      details: { name: first },
      remedies: ['give each worker, cron, datastore and migration a name of its own'],
    },
  );
}
