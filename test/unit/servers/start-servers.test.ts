import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startServers } from '../../../src/servers/start-servers';
import { poll } from '../../../src/servers/wait';
import { recordingProgress, script, useFolder } from './support';

const folder = useFolder();
const nothingThere = 'http://127.0.0.1:1'; // a proxy that refuses: there is no network for the code under test
const options = () => ({
  stateDir: join(folder.path, 'state'),
  cacheDir: join(folder.path, 'cache'),
  env: { PATH: '', HTTPS_PROXY: nothingThere } as NodeJS.ProcessEnv,
  ports: { temporal: 0, temporalUi: 0, mongodb: 0 },
  progress: recordingProgress(),
});
const GIVEN = { TEMPORAL_ADDRESS: 'temporal.test:7233', MONGODB_URI: 'mongodb://db.test/' };

test('uses given servers as they are and starts nothing', async () => {
  await using servers = await startServers({ ...options(), env: GIVEN, ports: { mongodb: 1 } });
  expect(servers.temporal).toEqual({
    address: 'temporal.test:7233',
    source: 'given by TEMPORAL_ADDRESS',
  });
  expect(servers.mongodb).toEqual({ uri: 'mongodb://db.test/', source: 'given by MONGODB_URI' });
  await servers.close();
  expect(readdirSync(join(folder.path, 'state'))).toEqual([]);
});

test('tells of both servers when no way is open for either', async () => {
  const failing = startServers(options());
  await expect(failing).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'temporal_unavailable',
  });
  await expect(failing).rejects.toThrow(
    /a Temporal server is open[^]*official download: no network: 127.0.0.1: ECONNREFUSED[^]*"go" on PATH[^]*a MongoDB server is open[^]*mongod/,
  );
  expect(readdirSync(join(folder.path, 'state'))).toEqual([]);
});

test('offers only servers that can read the data that are there', async () => {
  mkdirSync(join(folder.path, 'state', 'mongodb'), { recursive: true });
  writeFileSync(join(folder.path, 'state', 'mongodb', 'WiredTiger'), '');
  const env = { ...options().env, TEMPORAL_ADDRESS: 'temporal.test:7233' };
  const failing = startServers({ ...options(), env });
  await expect(failing).rejects.toMatchObject({ code: 'mongodb_unavailable' });
  await expect(failing).rejects.not.toThrow('DocumentDB');
});

test('refuses a port in use before anything is started', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const failing = startServers({
    ...options(),
    ports: { temporal: 0, temporalUi: 0, mongodb: port },
  });
  await expect(failing).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringContaining(`Port ${port}, meant for MongoDB`),
  });
  server.close();
  expect(existsSync(join(folder.path, 'cache'))).toBe(false);
});

test('a server that does not start is an error with its last words, and nothing stays', async () => {
  const temporalBinary = script(join(folder.path, 'temporal'), 'echo "database is newer"; exit 1');
  const env = { PATH: process.env['PATH'], MONGODB_URI: GIVEN.MONGODB_URI };
  const failing = startServers({ ...options(), env, temporalBinary });
  await expect(failing).rejects.toMatchObject({ code: 'server_failed' });
  await expect(failing).rejects.toThrow(/Temporal ended while starting[^]*database is newer/);
  expect(readdirSync(join(folder.path, 'state'))).toEqual(['logs']);
});

test('a given program that is not there is an error, not a reason to look elsewhere', async () => {
  const failing = startServers({
    ...options(),
    env: { ...GIVEN, TEMPORAL_ADDRESS: '' },
    temporalBinary: '/no',
  });
  await expect(failing).rejects.toMatchObject({ code: 'config_invalid' });
});

test('cancelling ends a set-up and its processes', async () => {
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  script(
    join(bin, 'go'),
    'case "$1" in env) echo go9.9; echo local;; *) touch "$0.begun"; sleep 60;; esac',
  );
  const cancel = new AbortController();
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HTTPS_PROXY: nothingThere,
    ...{ MONGODB_URI: 'x' },
  };
  const starting = startServers({ ...options(), env, signal: cancel.signal });
  void poll(async () => existsSync(join(bin, 'go.begun')), 5_000).then(() => cancel.abort());
  await expect(starting).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(join(folder.path, 'cache'))).toEqual([]);
  expect(readdirSync(join(folder.path, 'state'))).toEqual([]);
});
