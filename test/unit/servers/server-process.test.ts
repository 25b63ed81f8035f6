import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type ServerProcess } from '../../../src/servers/server-process';
import { script, useFolder } from './support';

const folder = useFolder();
const claim = { record: () => {}, release: () => {} };
const start = (text: string): Promise<ServerProcess> =>
  startServer(
    {
      name: 'Temporal',
      command: script(join(folder.path, 'server'), text),
      args: [],
      env: { PATH: process.env['PATH'] },
      logFile: join(folder.path, 'logs', 'temporal.log'),
    },
    claim,
  );
const never = (): Promise<boolean> => new Promise(() => {});

test('a server that ends while starting: its last lines are told', async () => {
  const server = await start('echo listening; echo "no disk" >&2; exit 1');
  await expect(server.untilReady(never, undefined)).rejects.toMatchObject({
    code: 'server_failed',
    message: 'Temporal ended while starting; its last lines:\n  listening\n  no disk',
    remedies: [expect.stringContaining('temporal.log')],
  });
  await server.close();
});

test('a server that never becomes ready; whoever waits is told to stop', async () => {
  const server = await start('sleep 60');
  let told: AbortSignal | undefined;
  const ready = async (signal: AbortSignal): Promise<boolean> => {
    told = signal;
    return false;
  };
  await expect(server.untilReady(ready, undefined)).rejects.toThrow('did not become ready in time');
  expect(told?.aborted).toBe(true);
  await server.close();
});

test('cancelling ends the waiting', async () => {
  const cancel = new AbortController();
  const server = await start('sleep 60');
  setTimeout(() => cancel.abort(), 50);
  await expect(server.untilReady(never, cancel.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  await server.close();
});

test('tells an end nobody asked for, and only such a one', async () => {
  const server = await start('echo working; sleep 0.3; echo broken; exit 4');
  await server.untilReady(async () => true, undefined);
  expect(await server.exited).toMatchObject({
    name: 'Temporal',
    code: 4,
    signal: null,
    log: ['working', 'broken'],
  });

  const other = await start('sleep 60');
  const told = jest.fn();
  void other.exited.then(told);
  await other.close();
  await other.close();
  expect(told).not.toHaveBeenCalled();
});

test('a log that has grown too long starts anew, and old lines are not told as new', async () => {
  mkdirSync(join(folder.path, 'logs'));
  const file = join(folder.path, 'logs', 'temporal.log');
  writeFileSync(file, 'old line\n');
  const short = await start('echo new; exit 1');
  await expect(short.untilReady(never, undefined)).rejects.toThrow(/lines:\n {2}new$/);
  expect(statSync(file).size).toBe('old line\nnew\n'.length);

  writeFileSync(file, 'x'.repeat(6 * 1024 * 1024));
  const long = await start('exit 1');
  await expect(long.untilReady(never, undefined)).rejects.toThrow('ended while starting');
  expect(statSync(file).size).toBe(0);
});
