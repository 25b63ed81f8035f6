import { spawn, type ChildProcess } from 'node:child_process';
import { PassThrough, type Readable } from 'node:stream';
import { withTimeout } from './wait';
import { without } from './env';
import { endProcess, startedAt, type ProcessMark } from './processes';

export interface GuardedOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where stdout and stderr go: a file descriptor, or a pipe to read. */
  readonly output: number | 'pipe';
  /** What asks the program to end. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take after that before SIGKILL. Default 10 s. */
  readonly graceMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Guarded {
  readonly child: ProcessMark;
  readonly guard: ProcessMark;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly exited: Promise<Exit>;
  /** Ends the program and everything in its process group; resolves when it is gone. May be called again. */
  stop(): Promise<Exit>;
}

type Message = { pid: number } | { error: string } | Exit;

/**
 * Runs a program as the child of a small process of ours that ends it as soon as this process is gone, also after
 * `kill -9`. Program and guard have process groups of their own, so Ctrl-C in the terminal does not reach them.
 * Rejects if the program cannot be started at all.
 */
export async function spawnGuarded(options: GuardedOptions): Promise<Guarded> {
  const { command, args, stopSignal = 'SIGTERM', graceMs = 10_000 } = options;
  // NODE_OPTIONS is meant for the user's program: a debugger port there would be taken twice.
  const env = without(options.env, 'NODE_OPTIONS');
  const guard = spawn(
    process.execPath,
    ['-e', GUARD_SOURCE, '--', stopSignal, String(graceMs), command, ...args],
    {
      env,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', options.output, options.output, 'ipc'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    },
  );
  // Read from now on: what nobody reads when a process exits is thrown away.
  const stdout = guard.stdout?.pipe(new PassThrough()) ?? null;
  const stderr = guard.stderr?.pipe(new PassThrough()) ?? null;
  const { pid, exited } = await firstMessage(guard, command);
  const child = { pid, started: (await startedAt(pid)) ?? '' };
  // A guard that is killed cannot end its program any more, so this process does.
  const gone = exited.then(async (exit) => {
    if (exit !== undefined) return exit;
    await endProcess(child, { signal: stopSignal, graceMs });
    return { code: null, signal: 'SIGKILL' as const };
  });
  const stop = async (): Promise<Exit> => {
    if (guard.connected) guard.send('stop', () => {});
    const exit = await withTimeout(gone, graceMs + 2_000);
    if (exit !== undefined) return exit;
    guard.kill('SIGKILL');
    return gone;
  };
  return {
    child,
    guard: { pid: guard.pid ?? 0, started: (await startedAt(guard.pid ?? 0)) ?? '' },
    stdout,
    stderr,
    exited: gone,
    stop,
  };
}

/** Resolves with the program's pid; `exited` then gives its end, or undefined if the guard died without a word. */
function firstMessage(
  guard: ChildProcess,
  command: string,
): Promise<{ pid: number; exited: Promise<Exit | undefined> }> {
  return new Promise((resolve, reject) => {
    let end: (exit: Exit | undefined) => void;
    const exited = new Promise<Exit | undefined>((r) => (end = r));
    guard.on('message', (message: Message) => {
      if ('pid' in message) resolve({ pid: message.pid, exited });
      else if ('error' in message) reject(new Error(`Cannot run "${command}": ${message.error}`));
      else end(message);
    });
    guard.on('error', reject);
    // Not 'exit': messages may still be under way then.
    guard.on('disconnect', () => {
      end(undefined);
      reject(new Error(`Cannot run "${command}": its guard ended at once`));
    });
  });
}

/* The guard's whole program. It is handed to `node -e` as text, so it may use nothing from this file. */
/* istanbul ignore next */
function guardProgram(): void {
  const { spawn: start } = process.getBuiltinModule('node:child_process');
  const [stopSignal, graceMs, command, ...args] = process.argv.slice(1);
  const child = start(command ?? '', args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    windowsHide: true,
  });
  const tell = (message: Message, then = () => {}): void => {
    if (process.send === undefined || !process.connected) then();
    else process.send(message, undefined, undefined, then);
  };
  const kill = (signal: string | undefined): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      child.kill(signal as NodeJS.Signals); // no process groups on this system, or it is gone
    }
  };
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    kill(stopSignal);
    setTimeout(() => kill('SIGKILL'), Number(graceMs));
  };
  child.on('spawn', () => tell({ pid: child.pid ?? 0 }));
  child.on('error', (error) => tell({ error: error.message }, () => process.exit(1)));
  child.on('exit', (code, signal) => {
    kill('SIGKILL'); // what it left behind in its group
    tell({ code, signal }, () => process.exit(0));
  });
  process.on('message', stop);
  process.on('disconnect', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

const GUARD_SOURCE = `/* Nightshift: ends the program below when its owner is gone */ (${guardProgram.toString()})()`;
