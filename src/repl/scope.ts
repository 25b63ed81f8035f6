/** What a line of the REPL can use without importing it: the client, what stands most often in lines, and the app's exports. */
import { createRequire } from 'node:module';
import type { NightshiftClient } from '../../client';
import { DEFINITION, type Definition } from '../definitions/definition';
import type { DatastoreDefinition } from '../definitions/datastore';
import type { Trace } from '../traces/trace';
import { type Ask, askFirst } from './ask-first';

export interface ReplScope {
  readonly names: Readonly<Record<string, unknown>>;
  /** Ours, with what each is. */
  readonly about: Readonly<Record<string, string>>;
  /** The definitions that the app exports. */
  readonly definitions: ReadonlyMap<string, Definition>;
}

const ABOUT = {
  DB: 'datastores: DB.get("paul", Users), DB.query(Users, (u) => u.age > min)',
  emit: 'emit an event: emit({ id: "1" }, onSignup); its end: await (await emit(…)).result()',
  emitMany: 'emit many events at once: emitMany([{ id: "1" }, { id: "2" }], onSignup)',
  trace: 'what an event did: trace("signup-1")',
  events: 'events.list({ handler: "onSignup" }), events.get("signup-1").describe()',
  failures: 'why events failed: failures.list()',
  queues: 'queues.list(), queues.pause("onSignup")',
  crons: 'crons.list(), crons.runNow("report")',
  missing: 'the 404 list: missing.list(), missing.stub("onSignup")',
  flags: 'flags.list(), flags.set("new-mailer", true)',
  datastores: 'datastores.list(), datastores.get("Users")',
  client: 'all of it: client.traces, client.migrations, client.health()',
} as const;

/**
 * @param exports what the app's module exports
 * @param ask asked before something is deleted
 */
export function createScope(
  client: NightshiftClient,
  exports: Readonly<Record<string, unknown>>,
  appPath: string,
  ask: Ask,
): ReplScope {
  const careful = askFirst(client, ask);
  const { DB, events, failures, queues, crons, missing, flags, datastores } = careful;
  const ours: Record<keyof typeof ABOUT, unknown> = {
    ...{ client: careful, DB, events, failures, queues, crons, missing, flags, datastores },
    emit: client.emit.bind(client),
    emitMany: client.emitMany.bind(client),
    trace: (id: string): Promise<Trace> => client.traces.get(id),
  };
  const named = Object.entries(exports).filter(([name]) => name !== 'default');
  const definitions = new Map(named.filter(isDefinition));
  return {
    // An export that is a definition may hide one of our names; `client` has them all, too.
    names: {
      require: createRequire(appPath),
      ...Object.fromEntries(named),
      ...ours,
      ...Object.fromEntries(definitions),
    },
    about: Object.fromEntries(Object.entries(ABOUT).filter(([name]) => !definitions.has(name))),
    definitions,
  };
}

function isDefinition(entry: [string, unknown]): entry is [string, Definition] {
  const [, value] = entry;
  return typeof value === 'object' && value !== null && DEFINITION in value;
}

export function isDatastore(value: unknown): value is DatastoreDefinition {
  return isDefinition(['', value]) && (value as Definition)[DEFINITION] === 'datastore';
}
