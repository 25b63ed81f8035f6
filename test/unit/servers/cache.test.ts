import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cached, defaultCacheDir, mountsBelow } from '../../../src/servers/cache';
import { recordingProgress, useFolder } from './support';

const folder = useFolder();
const progress = recordingProgress();
const options = { progress, signal: undefined, env: { PATH: process.env['PATH'] } };
const write = async (dir: string): Promise<void> => writeFileSync(join(dir, 'program'), 'made');

test('makes an entry once and finds it afterwards', async () => {
  const entry = join(folder.path, 'deep', 'tool-1');
  expect(await cached(entry, 'a tool', options, write)).toBe(entry);
  const never = jest.fn();
  expect(await cached(entry, 'a tool', options, never)).toBe(entry);
  expect(never).not.toHaveBeenCalled();
  expect(readdirSync(join(folder.path, 'deep'))).toEqual(['tool-1']);
});

test('of two at once one makes it, the other waits and says so', async () => {
  const entry = join(folder.path, 'tool-1');
  let made = 0;
  const make = async (dir: string): Promise<void> => {
    made++;
    await sleep(300);
    await write(dir);
  };
  await Promise.all([
    cached(entry, 'a tool', options, make),
    cached(entry, 'a tool', options, make),
  ]);
  expect(made).toBe(1);
  expect(readFileSync(join(entry, 'program'), 'utf8')).toBe('made');
  expect(progress.tasks).toContain('Waiting for another start: a tool: done');
});

test('leaves nothing behind when making fails, and tries anew', async () => {
  const entry = join(folder.path, 'tool-1');
  const failing = cached(entry, 'a tool', options, async (dir) => {
    await write(dir);
    throw new Error('no disk');
  });
  await expect(failing).rejects.toThrow('no disk');
  expect(readdirSync(folder.path)).toEqual([]);
  await cached(entry, 'a tool', options, write);
  expect(existsSync(join(entry, 'program'))).toBe(true);
});

test('removes what a killed start left half-made', async () => {
  mkdirSync(join(folder.path, 'tool-1.partial-dead', 'sub'), { recursive: true });
  mkdirSync(join(folder.path, 'tool-10.partial-other'));
  await cached(join(folder.path, 'tool-1'), 'a tool', options, write);
  expect(readdirSync(folder.path).sort()).toEqual(['tool-1', 'tool-10.partial-other']);
});

test('does not keep what was made while being cancelled', async () => {
  const cancel = new AbortController();
  const entry = join(folder.path, 'tool-1');
  const making = cached(entry, 'a tool', { ...options, signal: cancel.signal }, async (dir) => {
    await write(dir);
    cancel.abort();
  });
  await expect(making).rejects.toMatchObject({ code: 'cancelled' });
  expect(existsSync(entry)).toBe(false);
});

test('stands where the environment says', () => {
  expect(defaultCacheDir({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/nightshift');
  expect(defaultCacheDir({ XDG_CACHE_HOME: '', HOME: '/h' })).toBe('/h/.cache/nightshift');
});

test('finds mounts below a folder, innermost first', () => {
  const mountinfo = [
    '22 1 8:1 / / rw - ext4 /dev/root rw',
    '30 22 0:5 / /c/tool.partial-1/proc rw - proc proc rw',
    '31 30 0:6 / /c/tool.partial-1/proc/x\\040y rw - tmpfs tmpfs rw',
    '32 22 0:7 / /c/tool.partial-10 rw - tmpfs tmpfs rw',
  ].join('\n');
  expect(mountsBelow(mountinfo, '/c/tool.partial-1')).toEqual([
    '/c/tool.partial-1/proc/x y',
    '/c/tool.partial-1/proc',
  ]);
});
