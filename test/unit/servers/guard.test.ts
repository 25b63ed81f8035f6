import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnGuarded } from '../../../src/servers/guard';
import { isAlive, isGone, startedAt } from '../../../src/servers/processes';
import { runTool } from '../../../src/servers/run-tool';
import { poll } from '../../../src/servers/wait';
import { runTypeScript, useFolder } from './support';

const env = { PATH: process.env['PATH'] };

test('gives the exit code of the program', async () => {
  const running = await spawnGuarded({
    command: 'sh',
    args: ['-c', 'exit 3'],
    env,
    output: 'pipe',
  });
  expect(await running.exited).toEqual({ code: 3, signal: null });
  expect(await running.stop()).toEqual({ code: 3, signal: null });
});

test('rejects when the program cannot be run', async () => {
  const options = { command: '/no/such/program', args: [], env, output: 'pipe' } as const;
  await expect(spawnGuarded(options)).rejects.toThrow('Cannot run "/no/such/program"');
});

test('stops the program with the signal it wants, as often as asked', async () => {
  const command = 'trap "exit 7" INT; echo up; while :; do sleep 0.02; done';
  const running = await spawnGuarded({
    command: 'sh',
    args: ['-c', command],
    env,
    output: 'pipe',
    stopSignal: 'SIGINT',
  });
  await new Promise((resolve) => running.stdout?.once('data', resolve));
  expect(await Promise.all([running.stop(), running.stop()])).toEqual([
    { code: 7, signal: null },
    { code: 7, signal: null },
  ]);
});

test('kills a program that does not stop, with its children', async () => {
  const command = 'trap "" TERM; sleep 60 & echo $!; while :; do sleep 0.02; done';
  const running = await spawnGuarded({
    command: 'sh',
    args: ['-c', command],
    env,
    output: 'pipe',
    graceMs: 100,
  });
  const pid = await new Promise<number>((resolve) => {
    running.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
  });
  const grandchild = { pid, started: (await startedAt(pid)) ?? '' };
  expect(await running.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await isGone(grandchild, 1_000)).toBe(true);
});

test('ends the program itself when the guard is killed', async () => {
  const running = await spawnGuarded({ command: 'sleep', args: ['60'], env, output: 'pipe' });
  process.kill(running.guard.pid, 'SIGKILL');
  expect(await running.exited).toMatchObject({ code: null });
  expect(await isAlive(running.child)).toBe(false);
});

test('keeps NODE_OPTIONS from the program', async () => {
  const program = ['-c', 'echo "[$NODE_OPTIONS]"'];
  const withOptions = { ...env, NODE_OPTIONS: '--no-such-option' };
  expect(
    await runTool('sh', program, { env: withOptions, signal: undefined, timeoutMs: 5_000 }),
  ).toBe('[]');
});

describe('when the process that started it is killed', () => {
  const folder = useFolder();

  test('the program ends', async () => {
    const file = join(folder.path, 'ended');
    const guard = require.resolve('../../../src/servers/guard.ts');
    const { child, line } = runTypeScript(`
      const { spawnGuarded } = await ns.import(${JSON.stringify(guard)});
      const running = await spawnGuarded({
        command: 'sh', args: ['-c', 'exec >${file}.log 2>&1; trap "echo gently > ${file}; exit" TERM; touch ${file}; while :; do sleep 0.02; done'],
        env: process.env, output: 'pipe' });
      console.log(JSON.stringify(running.child));`);
    const mark = JSON.parse(await line()) as { pid: number; started: string };
    expect(await isAlive(mark)).toBe(true);
    await poll(async () => existsSync(file), 5_000);
    child.kill('SIGKILL');
    expect(await isGone(mark, 5_000)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('gently\n');
  });
});
