import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'nightshift/client';
import { type Proxy, proxyTo } from '../../support/proxy';
import { Counters, COUNTERS } from '../app/app';
import type { Timeline } from '../timeline';
import { Server, type ServerName } from './server';
import { mountSmallDisk, type SmallDisk } from './small-disk';
import { Supervised } from './supervised';

export const APP_NAME = 'chaos';
const WORKERS = 2;
const ROOT = join(__dirname, '..', '..', '..');

/** Everything that takes part in a run: servers, worker processes, the client, and the ways between them. */
export interface Stage {
  /** Everything of the run lies below it. */
  readonly folder: string;
  readonly temporal: Server;
  readonly mongodb: Server;
  readonly workers: readonly Supervised[];
  readonly client: Supervised;
  readonly proxies: readonly NamedProxy[];
  readonly disk: SmallDisk | { readonly refused: string };
  readonly journalFile: string;
  /** Asks the client to begin nothing more. */
  stopClient(): void;
  /** For the checks: past the proxies. */
  readonly direct: { readonly temporal: string; readonly mongodb: string };
  /** Ends everything. May be called again. */
  close(): Promise<void>;
}

export interface NamedProxy extends Proxy {
  readonly name: string;
}

/** Starts everything. What was started is closed again if that fails. */
export async function openStage(timeline: Timeline): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-chaos-'));
  for (const name of ['logs', 'tmp', 'temporal', 'mongodb']) mkdirSync(join(folder, name));
  const env = { ...ownEnv(), TMPDIR: join(folder, 'tmp'), NIGHTSHIFT_CHAOS: folder };
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop())
      try {
        await closer();
      } catch (error) {
        timeline.violation(`something cannot be closed: ${String(error)}`);
      }
  };
  try {
    const disk = mountSmallDisk(join(folder, 'mongodb'));
    if ('close' in disk) {
      closers.push(() => disk.close());
      // They would be gone with the disk.
      closers.push(() =>
        cpSync(join(folder, 'mongodb', 'logs'), join(folder, 'logs', 'mongodb'), {
          recursive: true,
        }),
      );
    }
    const server = (name: ServerName): Server => {
      const stateDir = join(folder, name.toLowerCase());
      const one = new Server({ name, stateDir, env, timeline });
      closers.push(() => one.close());
      return one;
    };
    const [temporal, mongodb] = [server('Temporal'), server('MongoDB')];
    await Promise.all([temporal.start(), mongodb.start()]);
    const direct = { temporal: temporal.address, mongodb: uriOf(mongodb.address) };
    await createCounters(direct);

    const proxies: NamedProxy[] = [];
    const proxy = async (who: string, to: Server): Promise<string> => {
      const made = await proxyTo(to.address);
      closers.push(() => made.close());
      proxies.push({ ...made, name: `${who} to ${to.name}` });
      return made.address;
    };
    const ways = async (who: string): Promise<NodeJS.ProcessEnv> => ({
      ...env,
      NO_COLOR: '1',
      TEMPORAL_ADDRESS: await proxy(who, temporal),
      MONGODB_URI: uriOf(await proxy(who, mongodb)),
    });
    const logFile = (name: string): string => join(folder, 'logs', `${name}.log`);

    const workers: Supervised[] = [];
    const main = join(ROOT, 'dist', 'src', 'cli', 'main.js');
    for (let i = 0; i < WORKERS; i++) {
      const name = `worker-${i}`;
      const app = join(__dirname, '..', 'app', 'app.ts');
      const args = [main, 'worker', app, '--name', APP_NAME];
      const worker = new Supervised({
        ...{ name, args, cwd: ROOT, env: await ways(name), logFile: logFile(name), timeline },
        ...{ ready: 'serving', ends: false },
      });
      workers.push(worker);
      closers.push(() => worker.stop('SIGKILL'));
    }

    const journalFile = join(folder, 'journal');
    const stopFile = join(folder, 'stop');
    const jiti = join(ROOT, 'node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
    const program = join(__dirname, '..', 'client', 'main.ts');
    const client = new Supervised({
      ...{ name: 'client', args: [jiti, program, APP_NAME, journalFile, stopFile], cwd: ROOT },
      ...{ env: await ways('client'), logFile: logFile('client'), timeline },
      ...{ ready: 'connected', ends: true },
    });
    closers.push(() => client.stop('SIGKILL'));

    for (const worker of workers) worker.start();
    await Promise.all(workers.map((worker) => worker.ready()));
    client.start();
    await client.ready();
    const stopClient = (): void => writeFileSync(stopFile, '');
    return {
      ...{ folder, temporal, mongodb, workers, client, proxies, disk, journalFile },
      ...{ direct, stopClient, close },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The server is named as it is, not as its replica set knows it: the way to it leads through a proxy. */
const uriOf = (address: string): string => `mongodb://${address}/?directConnection=true`;

/** Without what would lead to other servers, and without settings of this process. */
function ownEnv(): NodeJS.ProcessEnv {
  const foreign = /^(TEMPORAL_|MONGODB_URI$|NIGHTSHIFT_|NODE_OPTIONS$|npm_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function createCounters({ temporal, mongodb }: Stage['direct']): Promise<void> {
  const client = await connect({
    name: APP_NAME,
    temporal: { address: temporal },
    mongodb: { uri: mongodb },
  });
  try {
    for (let i = 0; i < COUNTERS; i++) await client.DB.set({ by: [] }, `counter-${i}`, Counters);
  } finally {
    await client.close();
  }
}
