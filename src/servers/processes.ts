import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { poll } from './wait';

/** A process that can be recognised later: pids are given out again, a pid with its start time is not. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

export interface EndOptions {
  readonly signal?: NodeJS.Signals;
  readonly graceMs?: number;
}

/** When the process started, in words only good for comparing; undefined if there is no such process. */
export async function startedAt(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform !== 'linux') return startedByPs(pid);
  return (await runningOnLinux(pid))?.started;
}

/** Undefined also for one that has ended, but whose parent has not asked yet how. */
async function runningOnLinux(pid: number): Promise<{ started: string; name: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { name, state, startTicks } = parseStat(text);
  return state === 'Z' || state === 'X'
    ? undefined
    : { started: `${bootId()}:${startTicks}`, name };
}

/** The parts of Linux' `/proc/<pid>/stat` that are used here. The name may hold spaces and brackets. */
export function parseStat(text: string): { name: string; state: string; startTicks: string } {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const rest = text.slice(close + 2).split(' ');
  return { name: text.slice(open + 1, close), state: rest[0] ?? '', startTicks: rest[19] ?? '' };
}

/** True if exactly this process still runs. */
export async function isAlive(mark: ProcessMark): Promise<boolean> {
  return mark.started !== '' && (await startedAt(mark.pid)) === mark.started;
}

/** The processes that work in this very folder, through all mounts and namespaces, as far as Linux' /proc shows them. */
export async function processesIn(
  folder: string,
): Promise<(ProcessMark & { readonly name: string })[]> {
  const own = await identityOf(folder);
  const entries = (await readdir('/proc').catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const pid = Number(entry);
      // The link leads to the folder itself.
      if (own === undefined || (await identityOf(`/proc/${pid}/cwd`)) !== own) return [];
      const running = await runningOnLinux(pid);
      return running === undefined ? [] : [{ pid, ...running }];
    }),
  );
  return found.flat();
}

async function identityOf(path: string): Promise<string | undefined> {
  const { dev, ino } = await stat(path).catch(() => ({ dev: 0, ino: 0 }));
  return ino === 0 ? undefined : `${dev}:${ino}`;
}

/** Ends the process if it still is the one that was marked: first politely, then with SIGKILL. */
export async function endProcess(mark: ProcessMark, options: EndOptions = {}): Promise<void> {
  const { signal = 'SIGTERM', graceMs = 10_000 } = options;
  if (!(await isAlive(mark))) return;
  send(mark.pid, signal);
  if (await isGone(mark, graceMs)) return;
  send(mark.pid, 'SIGKILL');
  await isGone(mark, 2_000);
}

/** Waits until the process is gone; false if it still runs after `ms`. */
export function isGone(mark: ProcessMark, ms: number): Promise<boolean> {
  return poll(async () => !(await isAlive(mark)), ms);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone between the check and the signal
  }
}

function startedByPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (error, stdout) => {
      resolve(error === null && stdout.trim() !== '' ? stdout.trim() : undefined);
    });
  });
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'boot';
  }
}
