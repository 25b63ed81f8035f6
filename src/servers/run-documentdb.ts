import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemEnv } from './chroot';
import { mongodbAnswers } from './ping-mongodb';
import { choosePort, LOOPBACK } from './ports';
import { postgresArguments } from './postgres-settings';
import { type RunContext } from './run-context';
import { endProcess, processesIn, type ProcessMark } from './processes';
import { runTool } from './run-tool';
import { startServer, type ServerProcess } from './server-process';
import { DOCUMENTDB } from './versions';
import { poll } from './wait';

export interface DocumentdbProgram {
  readonly root: string;
  readonly gateway: string;
}

const READY_MS = 60_000;

// The data are bound into the folder's /pgdata in a mount namespace of this process alone, so any number of projects
// share the installation. Everything is exec: the guard's child is PostgreSQL itself. $1 root, $2 data, then settings.
const POSTGRES_SCRIPT = `
set -eu
root=$1; data=$2; shift 2
mount --bind "$data" "$root/pgdata"
mount -t tmpfs tmpfs "$root/dev/shm"
cd /
exec chroot --userspec=postgres:postgres "$root" ${DOCUMENTDB.postgres}/postgres -D /pgdata "$@"
`;

/** Starts PostgreSQL with DocumentDB on data in `<stateDir>/mongodb`, and the gateway that speaks MongoDB's protocol. */
export async function runDocumentdb(
  program: DocumentdbProgram,
  port: number,
  context: RunContext,
): Promise<ServerProcess> {
  const data = join(context.stateDir, 'mongodb');
  await createData(program.root, data, context);
  await endOldPostgres(data);
  const postgresPort = await choosePort(0, { purpose: 'PostgreSQL', flag: 'a free port' });
  await startPostgres(program.root, data, postgresPort, context);
  const state = join(context.stateDir, 'mongodb-gateway');
  await mkdir(state, { recursive: true });
  const gateway = await startServer(
    {
      name: 'MongoDB',
      command: program.gateway,
      args: [],
      env: {
        ...context.env,
        PGURL: `postgres://postgres@${LOOPBACK}:${postgresPort}/postgres?pool_max_conns=100`,
        LISTEN: `${LOOPBACK}:${port}`,
        STATE: state,
        DO_NOT_TRACK: '1',
      },
      logFile: join(context.stateDir, 'logs', 'mongodb-gateway.log'),
    },
    context.claim,
  );
  context.started(gateway);
  await gateway.untilReady((signal) => mongodbAnswers(port, signal), context.signal);
  return gateway;
}

async function startPostgres(
  root: string,
  data: string,
  port: number,
  context: RunContext,
): Promise<void> {
  const settings = postgresArguments({ listen_addresses: LOOPBACK, port: String(port) });
  const postgres = await startServer(
    {
      name: 'PostgreSQL',
      command: 'unshare',
      args: ['--mount', 'sh', '-c', POSTGRES_SCRIPT, 'sh', root, data, ...settings],
      env: systemEnv({}),
      logFile: join(context.stateDir, 'logs', 'postgresql.log'),
      stopSignal: 'SIGINT', // "fast": ends sessions, then writes a checkpoint; SIGTERM waits for clients
    },
    context.claim,
  );
  context.started(postgres);
  await postgres.untilReady((signal) => isReady(data, postgres.pid, signal), context.signal);
}

/** Copies the database that was made with the installation; a copy that was broken off is never mistaken for one. */
async function createData(root: string, data: string, context: RunContext): Promise<void> {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const partial = `${data}.partial`;
  await rm(partial, { recursive: true, force: true });
  const copy = ['-a', '--reflink=auto', join(root, 'template'), partial];
  const { signal } = context;
  await runTool('cp', copy, { env: systemEnv({}), signal, timeoutMs: 60_000 });
  await rm(data, { recursive: true, force: true });
  await rename(partial, data);
}

/**
 * Ends a PostgreSQL that still works on these data, whoever started it, and removes its pid file: PostgreSQL would refuse
 * to start if another process happens to have that pid now.
 */
async function endOldPostgres(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const first = Number((await pidFileLines(data))[0]);
  const postgres = async (): Promise<ProcessMark[]> =>
    (await processesIn(data)).filter(({ name }) => name === 'postgres');
  const main = (await postgres()).find(({ pid }) => pid === first);
  if (main !== undefined) await endProcess(main, { signal: 'SIGINT' });
  // Its first process takes the others along, unless it was killed: then one that is busy or stopped lives on, and no
  // new server starts as long as it does. What it has not committed is lost either way.
  for (const left of await postgres()) await endProcess(left, { signal: 'SIGKILL' });
  await rm(file, { force: true });
}

async function pidFileLines(data: string): Promise<string[]> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return text === '' ? [] : text.split('\n');
}

/** PostgreSQL writes its state into its pid file: the first line its pid, the eighth `ready` once it serves. */
function isReady(data: string, pid: number, signal: AbortSignal): Promise<boolean> {
  const check = async (): Promise<boolean> => {
    const lines = await pidFileLines(data);
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  };
  return poll(check, READY_MS, { signal });
}
