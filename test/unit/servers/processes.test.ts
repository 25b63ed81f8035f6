import { spawn } from 'node:child_process';
import { endProcess, isAlive, parseStat, startedAt } from '../../../src/servers/processes';

test('reads a stat line whose name holds spaces and brackets', () => {
  const fields = Array.from({ length: 30 }, (_, i) => String(i + 4)).join(' ');
  expect(parseStat(`77 (a) b (c) S ${fields}`)).toEqual({
    name: 'a) b (c',
    state: 'S',
    startTicks: '22',
  });
});

test('knows this process, and no process of a wrong pid', async () => {
  const started = await startedAt(process.pid);
  expect(started).toBeDefined();
  expect(await isAlive({ pid: process.pid, started: started ?? '' })).toBe(true);
  expect(await startedAt(0)).toBeUndefined();
  expect(await startedAt(-1)).toBeUndefined();
});

test('ends a process that ignores SIGTERM, after the grace time', async () => {
  const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const mark = { pid: child.pid ?? 0, started: (await startedAt(child.pid ?? 0)) ?? '' };
  await endProcess(mark, { graceMs: 200 });
  expect(await isAlive(mark)).toBe(false);
});

test('leaves a process alone that only has the same pid', async () => {
  const child = spawn('sleep', ['30'], { stdio: 'ignore' });
  await endProcess({ pid: child.pid ?? 0, started: 'long ago' }, { signal: 'SIGKILL' });
  expect(await startedAt(child.pid ?? 0)).toBeDefined();
  child.kill('SIGKILL');
});
