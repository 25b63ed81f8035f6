// Redis: redis-server or valkey-server of PATH, else the Debian packages unpacked into a folder, without installing them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, LOOPBACK, startProcess } from './process.mjs';

const UNPACKED = join(import.meta.dirname, '..', 'node_modules', '.redis');

/**
 * @param {string} dir a folder of its own
 * @param {'everysec' | 'always'} appendfsync how often the log is forced to the disk
 */
export async function startRedis(dir, appendfsync) {
  const { command, env } = program();
  const port = await freePort();
  const settings = {
    bind: LOOPBACK,
    port,
    dir,
    save: '',
    appendonly: 'yes',
    appendfsync,
    // A queue must not lose keys to make room; BullMQ asks for it.
    'maxmemory-policy': 'noeviction',
  };
  const server = await startProcess(
    command,
    Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
    { port, log: join(dir, 'redis.log'), env: { ...process.env, ...env } },
  );
  return { port, version: prepareRedis(), stop: server.stop };
}

/** Gets the program where it is missing, before anything is measured. @returns {string} its version */
export function prepareRedis() {
  if (onPath() === undefined && unpacked() === undefined) unpack();
  const { command, env } = program();
  const said = execFileSync(command, ['--version'], { env: { ...process.env, ...env } });
  const [, version] = /v=(\S+)/.exec(String(said)) ?? [];
  return `Redis ${version ?? String(said).trim()}`;
}

function program() {
  const command = onPath();
  if (command !== undefined) return { command, env: {} };
  const found = unpacked();
  if (found === undefined) throw new Error('redis-server is not on PATH');
  return found;
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

function unpacked() {
  const command = join(UNPACKED, 'usr', 'bin', 'redis-server');
  if (!existsSync(command)) return undefined;
  const lib = join(UNPACKED, 'usr', 'lib');
  const folders = readdirSync(lib, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const path = folders.map(({ name }) => join(lib, name)).join(delimiter);
  return { command, env: { LD_LIBRARY_PATH: path } };
}

function unpack() {
  const archives = join(UNPACKED, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const options = ['Debug::NoLocking=1', `Dir::Cache::archives=${archives}`];
  const apt = ['-qq', '-y', '--no-install-recommends', '--download-only'];
  try {
    execFileSync(
      'apt-get',
      [...options.flatMap((option) => ['-o', option]), ...apt, 'install', 'redis-server'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
      execFileSync('dpkg-deb', ['-x', join(archives, file), UNPACKED]);
  } catch (error) {
    const why = String(error.stderr || error.message).trim();
    throw new Error(`redis-server is not on PATH, and apt-get does not have it: ${why}`);
  }
}
