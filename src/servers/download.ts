import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { chmod, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../shared/errors';
import { without } from './env';
import { runTool } from './run-tool';
import { whyUnreachable } from './reachable';
import { TEMPORAL_CLI_VERSION } from './versions';
import { WayClosed, type Report, type SetupContext } from './ways';

const TIMEOUT_MS = 15 * 60_000;
const STALLED_MS = 30_000;
const NETWORK = 'Connect to the network, or set HTTPS_PROXY if a proxy is needed';

// Both downloaders run in a process of their own: one belongs to the SDK's native runtime, of which a process has only
// one, the other writes to the console, and a process can be ended when it stalls.
const TEMPORAL_PROGRAM = `
  const { TestWorkflowEnvironment } = require(process.argv[1]);
  const executable = { type: 'cached-download', downloadDir: process.argv[2], version: process.argv[3] };
  TestWorkflowEnvironment.createLocal({ server: { executable } })
    .then((env) => env.teardown())
    .then(() => process.exit(0), (e) => { console.error(e.message); process.exit(1); });`;
const MONGOD_PROGRAM = `
  const { MongoBinary } = require(process.argv[1]);
  MongoBinary.getPath({ downloadDir: process.argv[2], version: process.argv[3] })
    .then(() => process.exit(0), (e) => { console.error(e.message); process.exit(1); });`;

/** @throws {WayClosed} at once if the Temporal CLI cannot be downloaded from here. */
export function requireTemporalHost(env: NodeJS.ProcessEnv): Promise<void> {
  return requireHost('https://temporal.download', env);
}

/** @throws {WayClosed} at once if mongod cannot be downloaded from here. */
export function requireMongodHost(env: NodeJS.ProcessEnv): Promise<void> {
  const chosen = env['MONGOMS_DOWNLOAD_URL'] || env['MONGOMS_DOWNLOAD_MIRROR'];
  return requireHost(chosen || 'https://fastdl.mongodb.org', env);
}

async function requireHost(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const why = await whyUnreachable(url, env);
  if (why !== undefined) throw new WayClosed(why, NETWORK);
}

/** Downloads the Temporal CLI the way the SDK does, as `<dir>/temporal`. */
export async function downloadTemporal(
  dir: string,
  context: SetupContext,
  report: Report,
): Promise<void> {
  const args = ['@temporalio/testing', dir, TEMPORAL_CLI_VERSION] as const;
  // The SDK also starts what it downloaded, which may fail on a slow machine; the file is what counts.
  const error = await downloader(TEMPORAL_PROGRAM, args, dir, context.env, context, report);
  await keep(dir, /^temporal/, 'temporal', error);
}

/** Downloads mongod as mongodb-memory-server does, as `<dir>/mongod`. `MONGOMS_*` variables count. */
export async function downloadMongod(
  dir: string,
  version: string,
  context: SetupContext,
  report: Report,
): Promise<void> {
  const env = without(context.env, 'MONGOMS_SYSTEM_BINARY'); // looked at before
  const own = { ...env, MONGOMS_DOWNLOAD_DIR: dir, MONGOMS_PREFER_GLOBAL_PATH: 'false' };
  const args = ['mongodb-memory-server-core', dir, version] as const;
  const error = await downloader(MONGOD_PROGRAM, args, dir, own, context, report);
  if (error !== undefined) throw error;
  await keep(dir, /^mongod/, 'mongod');
}

/** Runs one of the programs above; the error it ended with, if any. It is ended when its folder stops growing. */
async function downloader(
  program: string,
  [module, ...args]: readonly [string, string, string],
  dir: string,
  env: NodeJS.ProcessEnv,
  { signal }: SetupContext,
  report: Report,
): Promise<Error | undefined> {
  const done = new AbortController();
  const stalled = new AbortController();
  let fraction: number | undefined; // only one of the two tells it
  const grown = (bytes: number): void => report(fraction, `${Math.round(bytes / 1e6)} MB`);
  const watching = watchGrowth(dir, done.signal, grown).then((grew) => grew || stalled.abort());
  const path = createRequire(__filename).resolve(module);
  try {
    await runTool(process.execPath, ['-e', program, '--', path, ...args], {
      env,
      timeoutMs: TIMEOUT_MS,
      onLine: (line) => {
        const percent = /\b(\d+(?:\.\d+)?)% /.exec(line)?.[1];
        if (percent !== undefined) fraction = Number(percent) / 100;
      },
      signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
    });
    return undefined;
  } catch (error) {
    if (signal?.aborted) throw error;
    if (stalled.signal.aborted) {
      return new WayClosed(`nothing arrived for ${STALLED_MS / 1000} s`, NETWORK);
    }
    return new WayClosed(`the download failed: ${messageOf(error).split('\n').at(-1)}`);
  } finally {
    done.abort();
    await watching;
  }
}

/** Tells how much has arrived; resolves with false when nothing more comes, with true when `done` fires. */
async function watchGrowth(
  dir: string,
  done: AbortSignal,
  grown: (bytes: number) => void,
): Promise<boolean> {
  let size = 0;
  let grewAt = Date.now();
  while (!done.aborted && Date.now() - grewAt < STALLED_MS) {
    await sleep(500, undefined, { signal: done }).catch(() => {});
    const now = await sizeOf(dir);
    if (now === size) continue;
    [size, grewAt] = [now, Date.now()];
    grown(size);
  }
  return done.aborted;
}

async function sizeOf(dir: string): Promise<number> {
  const names = await readdir(dir).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(dir, name)).then(
      (s) => s.size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Gives the downloaded program its name in our cache. */
async function keep(dir: string, pattern: RegExp, name: string, error?: Error): Promise<void> {
  const found = (await readdir(dir)).find(
    (file) => pattern.test(file) && !/\.(tgz|zip|lock|downloading|md5)$/.test(file),
  );
  if (found === undefined || !existsSync(join(dir, found))) {
    throw error ?? new WayClosed('the download brought no program');
  }
  await chmod(join(dir, found), 0o755);
  if (found !== name) await rename(join(dir, found), join(dir, name));
}
