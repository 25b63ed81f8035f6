import { type Db, MongoClient } from 'mongodb';
import { ConfigError, messageOf } from '../shared/errors';
import { freeStuckChecks } from './free-stuck-checks';

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
    // Hosts only: the rest of a URI may be secret.
    const hosts = client.options.hosts.map(String).join(', ');
    throw new ConfigError(
      'mongodb_unreachable',
      `MongoDB does not answer at ${hosts}: ${messageOf(error)}`,
      {
        cause: error,
        details: { hosts },
        remedies: [
          'start everything with: npx nightshift dev <app>',
          'or set MONGODB_URI to the address of a running server',
        ],
      },
    );
  }
  return { client, db: client.db(database), close: () => client.close() };
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
    // The driver's message may repeat parts of the URI.
    throw new ConfigError(
      'config_invalid',
      'The MongoDB URI (option "mongodb.uri" or MONGODB_URI) cannot be read',
      {
        cause: error,
        remedies: ['expected e.g. mongodb://host:27017 or mongodb+srv://user:password@host'],
      },
    );
  }
}
