import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, type MongoClient } from 'mongodb';
import { mongodbAnswers, says, withMongodb } from './ping-mongodb';
import { LOOPBACK } from './ports';
import { type RunContext } from './run-context';
import { startServer, type ServerProcess } from './server-process';
import { poll } from './wait';

const READY_MS = 60_000;
const REPLICA_SET = 'nightshift';
const ALREADY_INITIALIZED = 23;

/** Starts mongod as a replica set of one, which is what transactions and majority reads need. */
export async function runMongod(
  program: string,
  port: number,
  context: RunContext,
): Promise<ServerProcess> {
  const dbPath = join(context.stateDir, 'mongodb');
  mkdirSync(dbPath, { recursive: true });
  const server = await startServer(
    {
      name: 'MongoDB',
      command: program,
      args: mongodArguments(port, dbPath),
      env: context.env,
      logFile: join(context.stateDir, 'logs', 'mongodb.log'),
    },
    context.claim,
  );
  context.started(server);
  await server.untilReady((signal) => becomesPrimary(port, signal), context.signal);
  return server;
}

/** The command line of mongod. */
function mongodArguments(port: number, dbPath: string): string[] {
  return [
    ...['--dbpath', dbPath, '--bind_ip', LOOPBACK, '--port', String(port)],
    ...['--replSet', REPLICA_SET, '--oplogSize', '128', '--wiredTigerCacheSizeGB', '0.5'],
    ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
    '--quiet',
  ];
}

export function mongodUri(port: number): string {
  return `mongodb://${LOOPBACK}:${port}/?replicaSet=${REPLICA_SET}`;
}

async function becomesPrimary(port: number, signal: AbortSignal): Promise<boolean> {
  if (!(await mongodbAnswers(port, signal))) return false;
  await withMongodb(port, (client) => ensureReplicaSet(client, `${LOOPBACK}:${port}`));
  const isPrimary = (hello: Document): boolean => hello['isWritablePrimary'] === true;
  return poll(() => says(port, { hello: 1 }, isPrimary), READY_MS, { signal, everyMs: 50 });
}

/** Initiates the set, or tells it its new address: it remembers the port of the first start. */
async function ensureReplicaSet(client: MongoClient, host: string): Promise<void> {
  const admin = client.db('admin');
  const config = { _id: REPLICA_SET, members: [{ _id: 0, host }] };
  try {
    await admin.command({ replSetInitiate: config });
  } catch (error) {
    if ((error as { code?: unknown }).code !== ALREADY_INITIALIZED) throw error;
    const { config: present } = (await admin.command({ replSetGetConfig: 1 })) as ReplicaSetConfig;
    if (present.members[0]?.['host'] === host) return;
    const members = [{ ...present.members[0], host }];
    const next = { ...present, members, version: present.version + 1 };
    await admin.command({ replSetReconfig: next, force: true });
  }
}

interface ReplicaSetConfig {
  readonly config: { readonly version: number; readonly members: readonly Document[] };
}
