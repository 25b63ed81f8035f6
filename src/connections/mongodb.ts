import { type Db, MongoClient, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { ConfigError, messageOf } from '../shared/errors';
import { freeStuckChecks } from './free-stuck-checks';
import { inPlainWords, waysToStart } from './why-unreachable';

export interface MongodbConnection {
  readonly client: MongoClient;
  /** The app's database. */
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * A server that is gone without a word (a cut network, a frozen machine) is noticed within the time of two checks: then
 * what waits for it fails, rather than hanging for as long as TCP does. An URI may say otherwise.
 */
const TIMES = {
  serverSelectionTimeoutMS: 10_000,
  heartbeatFrequencyMS: 5_000,
  connectTimeoutMS: 10_000,
};

/**
 * Connects and asks the server for a sign of life.
 * @throws {ConfigError} code `config_invalid` for an unreadable URI, `mongodb_unreachable` if no server answers
 */
export async function connectMongodb(uri: string, database: string): Promise<MongodbConnection> {
  const client = openClient(uri);
  freeStuckChecks(client);
  try {
    await client.connect();
    await client.db(database).command({ ping: 1 });
  } catch (error) {
    await client.close();
    throw mongodbUnreachable(client, error);
  }
  return { client, db: client.db(database), close: () => client.close() };
}

/** MongoDB's AuthenticationFailed, and Unauthorized. */
const REFUSED: readonly unknown[] = [18, 13];

function mongodbUnreachable({ options }: MongoClient, cause: unknown): ConfigError {
  // Hosts only: the rest of a URI may be secret.
  const hosts = options.srvHost ?? options.hosts.map(String).join(', ');
  const failed = (message: string, remedies: readonly string[]): ConfigError =>
    new ConfigError('mongodb_unreachable', message, { cause, details: { hosts }, remedies });
  if (cause instanceof MongoServerError && REFUSED.includes(cause.code))
    return failed(`MongoDB at ${hosts} refuses us: ${cause.message}`, [
      'check user and password in MONGODB_URI, and its authSource: by default the database in the URI, else admin',
    ]);
  const { replicaSet } = options;
  if (replicaSet != null && answersOtherwise(cause))
    return failed(
      `MongoDB at ${hosts} answers, and is no member of a replica set "${replicaSet}" with a primary`,
      ['check replicaSet in MONGODB_URI, and the state of the set with: rs.status()'],
    );
  const why = inPlainWords(messageOf(cause));
  return failed(`MongoDB does not answer at ${hosts}: ${why}`, waysToStart('MONGODB_URI'));
}

/** What the driver saw of the servers until its time was over: each could be talked to. */
function answersOtherwise(cause: unknown): boolean {
  if (!(cause instanceof MongoServerSelectionError)) return false;
  const servers = [...(cause.reason?.servers.values() ?? [])];
  return servers.every(({ error }) => error === null);
}

/** The driver prefers its options to those of the URI. */
function withoutThoseOf(uri: string): Partial<typeof TIMES> {
  const [, query = ''] = uri.split('?');
  const given = [...new URLSearchParams(query).keys()].map((name) => name.toLowerCase());
  return Object.fromEntries(
    Object.entries(TIMES).filter(([name]) => !given.includes(name.toLowerCase())),
  );
}

function openClient(uri: string): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: 'nightshift',
      ...withoutThoseOf(uri),
      // A check that is sent and answered each time notices sooner that a server is back than one that streams.
      serverMonitoringMode: 'poll',
      // undefined in a record is refused or left out by us; should one slip through, it is no null
      ignoreUndefined: true,
    });
  } catch (error) {
    throw new ConfigError(
      'config_invalid',
      `The MongoDB URI (option "mongodb.uri" or MONGODB_URI) cannot be read${whyUnreadable(error)}`,
      {
        cause: error,
        remedies: ['expected e.g. mongodb://host:27017 or mongodb+srv://user:password@host'],
      },
    );
  }
}

/** The driver's message may repeat parts of the URI, but for the names of options. */
function whyUnreadable(error: unknown): string {
  const [unknown] = /^options? [\w, ]+ (?:is|are) not supported$/.exec(messageOf(error)) ?? [];
  return unknown === undefined ? '' : `: ${unknown}`;
}
