import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { type Progress } from '../shared/progress';
import { runTool, throwIfCancelled } from './run-tool';

export interface CacheOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Where downloads and builds are kept: `$XDG_CACHE_HOME/nightshift`, by default `~/.cache/nightshift`. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'nightshift');
}

/**
 * The folder `entry`, made by `make` if it is not there yet. It is made under another name and renamed when complete,
 * so what exists is whole; of several processes that want it at once one makes it and the others wait.
 */
export async function cached(
  entry: string,
  title: string,
  options: CacheOptions,
  make: (dir: string) => Promise<void>,
): Promise<string> {
  if (existsSync(entry)) return entry;
  await mkdir(dirname(entry), { recursive: true });
  const unlock = await waitForLock(entry, title, options);
  try {
    if (existsSync(entry)) return entry;
    await removePartials(entry, options);
    const partial = `${entry}.partial-${randomUUID().slice(0, 8)}`;
    await mkdir(partial);
    try {
      await make(partial);
      throwIfCancelled(options.signal);
      await rename(partial, entry).catch((error: unknown) => {
        if (!existsSync(entry)) throw error;
      });
    } finally {
      await removeFolder(partial, options);
    }
    return entry;
  } finally {
    await unlock().catch(() => {});
  }
}

async function waitForLock(
  entry: string,
  title: string,
  { progress, signal }: CacheOptions,
): Promise<() => Promise<void>> {
  let waiting: ReturnType<Progress['task']> | undefined;
  for (;;) {
    try {
      const unlock = await lock(entry, {
        lockfilePath: `${entry}.lock`,
        realpath: false,
        stale: 10_000,
        // Somebody waited in vain for our heartbeat (a suspended laptop): both make it, the first rename wins.
        onCompromised: () => {},
      });
      waiting?.done();
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      waiting ??= progress.task(`Waiting for another start: ${title}`);
      waiting.update(undefined);
      await sleep(250);
      if (signal?.aborted) waiting.failed('cancelled');
      throwIfCancelled(signal);
    }
  }
}

async function removePartials(entry: string, options: CacheOptions): Promise<void> {
  const prefix = `${basename(entry)}.partial-`;
  for (const name of await readdir(dirname(entry))) {
    if (name.startsWith(prefix)) await removeFolder(join(dirname(entry), name), options);
  }
}

/** Removes a folder, after unmounting whatever is mounted below it: deleting through a mount would hit its source. */
async function removeFolder(folder: string, { env }: CacheOptions): Promise<void> {
  if (!existsSync(folder)) return;
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  for (const target of mountsBelow(mounts, folder)) {
    await runTool('umount', ['--lazy', target], { env, signal: undefined, timeoutMs: 10_000 });
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Mount points in or below `folder`, innermost first, from the text of `/proc/self/mountinfo`. */
export function mountsBelow(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))),
    )
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}
