import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isGone, startedAt, type ProcessMark } from '../../../src/servers/processes';
import { claimState } from '../../../src/servers/state-claim';
import { useFolder } from './support';

const folder = useFolder();
const nobody: ProcessMark = { pid: 999_999_999, started: 'never' };

async function sleeper(): Promise<ProcessMark> {
  const { pid = 0, ...child } = spawn('sleep', ['60'], { stdio: 'ignore' });
  void child;
  return { pid, started: (await startedAt(pid)) ?? '' };
}

function leave(owner: ProcessMark, child: ProcessMark): void {
  const servers = [{ name: 'Temporal', child, guard: nobody, stopSignal: 'SIGTERM' }];
  writeFileSync(join(folder.path, 'servers.json'), JSON.stringify({ owner, servers }));
}

test('refuses a folder whose owner lives, naming it', async () => {
  const claim = await claimState(folder.path);
  await expect(claimState(folder.path)).rejects.toMatchObject({
    code: 'servers_in_use',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  claim.release();
  claim.release();
  (await claimState(folder.path)).release();
});

test('remembers servers until released', async () => {
  const claim = await claimState(folder.path);
  claim.record({ name: 'Temporal', child: nobody, guard: nobody, stopSignal: 'SIGTERM' });
  const file = join(folder.path, 'servers.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    owner: { pid: process.pid },
    servers: [{ name: 'Temporal' }],
  });
  claim.release();
  expect(existsSync(file)).toBe(false);
});

test('ends what a dead owner left running', async () => {
  const child = await sleeper();
  leave(nobody, child);
  const claim = await claimState(folder.path);
  expect(await isGone(child, 0)).toBe(true);
  claim.release();
});

test('never ends a process that only has the pid of a leftover', async () => {
  const child = await sleeper();
  leave(nobody, { ...child, started: 'another time' });
  (await claimState(folder.path)).release();
  expect(await isGone(child, 0)).toBe(false);
  process.kill(child.pid, 'SIGKILL');
});

test('of two at once one gets it', async () => {
  const results = await Promise.allSettled([claimState(folder.path), claimState(folder.path)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('takes a folder whose servers.json is damaged', async () => {
  writeFileSync(join(folder.path, 'servers.json'), '{"own');
  (await claimState(folder.path)).release();
});
