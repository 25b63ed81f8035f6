import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, messageOf, NightshiftError } from '../shared/errors';
import { type Progress } from '../shared/progress';
import { defaultCacheDir } from './cache';
import { obtainMongodb, type MongodbProgram } from './obtain-mongodb';
import { obtainTemporal } from './obtain-temporal';
import { choosePort, LOOPBACK } from './ports';
import { type RunContext } from './run-context';
import { runDocumentdb } from './run-documentdb';
import { mongodUri, runMongod } from './run-mongod';
import { runTemporal } from './run-temporal';
import { throwIfCancelled } from './run-tool';
import { type ServerExit, type ServerProcess } from './server-process';
import { claimState } from './state-claim';
import { asTask, type SetupContext } from './ways';

export type { ServerExit } from './server-process';

export interface ServersOptions {
  /** Where data, logs and `servers.json` are kept, e.g. `<project>/.nightshift`. */
  readonly stateDir: string;
  /** Where downloads and builds are kept. Default `$XDG_CACHE_HOME/nightshift`, else `~/.cache/nightshift`. */
  readonly cacheDir?: string;
  /** The environment. `TEMPORAL_ADDRESS` and `MONGODB_URI` in it name servers to use instead of starting them. */
  readonly env: NodeJS.ProcessEnv;
  /** Defaults 7233, 8233, 27017; 0 takes a free one. */
  readonly ports?: {
    readonly temporal?: number;
    readonly temporalUi?: number;
    readonly mongodb?: number;
  };
  /** Whether Temporal's web interface is served. Default true. */
  readonly ui?: boolean;
  /** Programs to use instead of looking for them. */
  readonly temporalBinary?: string;
  readonly mongodBinary?: string;
  readonly progress: Progress;
  /** Ends a set-up, and every process it started, when it fires. */
  readonly signal?: AbortSignal;
}

export interface RunningServers extends AsyncDisposable {
  readonly temporal: { readonly address: string; readonly uiUrl?: string; readonly source: string };
  readonly mongodb: { readonly uri: string; readonly source: string };
  /** Resolves when a server ends that nobody asked to end; never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Ends the servers that were started, within about 20 seconds. May be called again. */
  close(): Promise<void>;
}

interface Ports {
  readonly temporal: number;
  readonly temporalUi: number | undefined;
  readonly mongodb: number;
}

/**
 * Starts a Temporal server and a MongoDB server for one project, getting their programs first where they are missing.
 * Resolves when both answer. Their data live in `stateDir` and survive restarts; the processes end with this one,
 * also after `kill -9`.
 * @throws {ConfigError} code `temporal_unavailable` or `mongodb_unavailable` if no way to get a server is open,
 * `port_in_use`, `servers_in_use` if the servers of `stateDir` run already.
 * @throws {NightshiftError} code `server_failed` if one does not start, `cancelled` if `signal` fired.
 * @example await using servers = await startServers({ stateDir: '.nightshift', env, progress: silentProgress });
 */
export async function startServers(options: ServersOptions): Promise<RunningServers> {
  const stateDir = resolve(options.stateDir);
  const setup: SetupContext = {
    cacheDir: resolve(options.cacheDir ?? defaultCacheDir(options.env)),
    env: options.env,
    progress: options.progress,
    signal: options.signal,
  };
  throwIfCancelled(options.signal);
  mkdirSync(stateDir, { recursive: true });
  const claim = await claimState(stateDir);
  const started: ServerProcess[] = [];
  const close = once(async () => {
    try {
      await closeAll(started);
    } finally {
      claim.release();
    }
  });
  try {
    const ports = await choosePorts(options);
    const context: RunContext = {
      stateDir,
      env: options.env,
      signal: options.signal,
      claim,
      started: (server) => void started.push(server),
    };
    const [temporal, mongodb] = await both(
      provideTemporal(options, ports, setup, context),
      provideMongodb(options, ports, setup, context),
    );
    return {
      temporal,
      mongodb,
      exited: firstExit(started),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function provideTemporal(
  options: ServersOptions,
  ports: Ports,
  setup: SetupContext,
  context: RunContext,
): Promise<RunningServers['temporal']> {
  const given = options.env['TEMPORAL_ADDRESS'];
  if (given) return { address: given, source: 'given by TEMPORAL_ADDRESS' };
  const { path, source } = await obtainTemporal(options.temporalBinary, setup);
  await asTask(setup.progress, 'Starting Temporal', () =>
    runTemporal(path, { grpc: ports.temporal, ui: ports.temporalUi }, context),
  );
  return {
    address: `${LOOPBACK}:${ports.temporal}`,
    ...(ports.temporalUi === undefined ? {} : { uiUrl: `http://${LOOPBACK}:${ports.temporalUi}` }),
    source,
  };
}

async function provideMongodb(
  options: ServersOptions,
  ports: Ports,
  setup: SetupContext,
  context: RunContext,
): Promise<RunningServers['mongodb']> {
  const given = options.env['MONGODB_URI'];
  if (given) return { uri: given, source: 'given by MONGODB_URI' };
  const kind = kindOfData(join(context.stateDir, 'mongodb'));
  const program = await obtainMongodb({ given: options.mongodBinary, kind }, setup);
  await asTask(setup.progress, 'Starting MongoDB', () =>
    program.kind === 'mongod'
      ? runMongod(program.path, ports.mongodb, context)
      : runDocumentdb(program, ports.mongodb, context),
  );
  const uri =
    program.kind === 'mongod'
      ? mongodUri(ports.mongodb)
      : `mongodb://${LOOPBACK}:${ports.mongodb}/`;
  return { uri, source: program.source };
}

/** Which kind of server wrote the data; undefined if there are none. */
function kindOfData(folder: string): MongodbProgram['kind'] | undefined {
  if (existsSync(join(folder, 'PG_VERSION'))) return 'documentdb';
  return existsSync(join(folder, 'WiredTiger')) ? 'mongod' : undefined;
}

/** The ports of the servers that will be started, each of them free. */
async function choosePorts({ env, ports = {}, ui = true }: ServersOptions): Promise<Ports> {
  const ownTemporal = !env['TEMPORAL_ADDRESS'];
  const { temporal = 7233, temporalUi = 8233, mongodb = 27017 } = ports;
  return {
    temporal: ownTemporal ? await choosePort(temporal, TEMPORAL_PORT) : temporal,
    temporalUi: ownTemporal && ui ? await choosePort(temporalUi, UI_PORT) : undefined,
    mongodb: env['MONGODB_URI'] ? mongodb : await choosePort(mongodb, MONGODB_PORT),
  };
}

const TEMPORAL_PORT = {
  purpose: 'Temporal',
  flag: '--temporal-port',
  variable: 'TEMPORAL_ADDRESS',
};
const UI_PORT = { purpose: "Temporal's web interface", flag: '--temporal-ui-port' };
const MONGODB_PORT = { purpose: 'MongoDB', flag: '--mongodb-port', variable: 'MONGODB_URI' };

/** Both results, or one error that tells what went wrong with either. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') {
    return [first.value, second.value];
  }
  const errors = [first, second].flatMap((r): unknown[] =>
    r.status === 'rejected' ? [r.reason] : [],
  );
  const ours = errors.filter((error) => error instanceof NightshiftError);
  const [main] = ours;
  if (main === undefined || ours.length < 2 || main.code === 'cancelled') throw errors[0];
  throw new ConfigError(main.code, errors.map(messageOf).join('\n'), {
    details: Object.fromEntries(ours.map((error) => [error.code, error.details])),
    remedies: [...new Set(ours.flatMap((error) => error.remedies))],
    cause: main,
  });
}

async function closeAll(started: readonly ServerProcess[]): Promise<void> {
  for (const server of [...started].reverse()) await server.close();
}

function firstExit(started: readonly ServerProcess[]): Promise<ServerExit> {
  return Promise.race(started.map((server) => server.exited));
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
