import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { NightshiftError } from '../shared/errors';
import { spawnGuarded, type Exit } from './guard';
import { throwIfCancelled } from './run-tool';
import { type StateClaim } from './state-claim';

/** How a server ended that nobody had asked to end. */
export interface ServerExit extends Exit {
  readonly name: string;
  readonly logFile: string;
  /** The last lines it wrote. */
  readonly log: readonly string[];
}

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly stopSignal?: NodeJS.Signals;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the server ends without `close()`. */
  readonly exited: Promise<ServerExit>;
  /** Ends the server, within 10 seconds; resolves when it is gone. May be called again. */
  close(): Promise<void>;
  /**
   * Resolves when `ready` says yes. Rejects if it says no, the server ends, or `signal` fires; the signal that `ready`
   * gets then tells it to stop trying.
   */
  untilReady(
    ready: (signal: AbortSignal) => Promise<boolean>,
    signal: AbortSignal | undefined,
  ): Promise<void>;
}

const GRACE_MS = 10_000;
const LOG_LIMIT = 5 * 1024 * 1024;
const LOG_LINES = 15;

/** Starts a server under a guard, with its output in `logFile`, and has the claim remember it. */
export async function startServer(
  server: ServerCommand,
  claim: StateClaim,
): Promise<ServerProcess> {
  const { name, logFile, stopSignal = 'SIGTERM' } = server;
  const log = openLog(logFile);
  const running = await spawnGuarded({ ...server, output: log.fd, graceMs: GRACE_MS })
    .catch((cause: Error) => {
      throw new NightshiftError('server_failed', `${name} cannot be started: ${cause.message}`, {
        cause,
      });
    })
    .finally(() => closeSync(log.fd));
  claim.record({ name, child: running.child, guard: running.guard, stopSignal });
  const tail = (): string[] => lastLines(logFile, log.start);
  let closing = false;
  const exited = new Promise<ServerExit>((resolve) => {
    void running.exited.then((exit) => {
      if (!closing) resolve({ ...exit, name, logFile, log: tail() });
    });
  });
  return {
    name,
    pid: running.child.pid,
    exited,
    async close() {
      closing = true;
      await running.stop();
    },
    async untilReady(ready, signal) {
      const over = new AbortController();
      const cancel = (): void => over.abort();
      signal?.addEventListener('abort', cancel);
      const cancelled = new Promise<void>((resolve) => {
        over.signal.addEventListener('abort', () => resolve());
      });
      try {
        throwIfCancelled(signal);
        const first = await Promise.race([ready(over.signal), running.exited, cancelled]);
        throwIfCancelled(signal);
        if (first === true) return;
        const what = first === false ? 'did not become ready in time' : 'ended while starting';
        throw failed(name, what, logFile, tail());
      } finally {
        over.abort();
        signal?.removeEventListener('abort', cancel);
      }
    },
  };
}

function failed(name: string, what: string, logFile: string, log: string[]): NightshiftError {
  const lines = log.length > 0 ? `; its last lines:\n  ${log.join('\n  ')}` : '';
  return new NightshiftError('server_failed', `${name} ${what}${lines}`, {
    details: { logFile, log },
    remedies: [`Read its log: ${logFile}`],
  });
}

/** Opens the log for appending; one that has grown too long starts anew. */
function openLog(file: string): { fd: number; start: number } {
  mkdirSync(dirname(file), { recursive: true });
  const fd = openSync(file, 'a');
  if (fstatSync(fd).size > LOG_LIMIT) ftruncateSync(fd, 0);
  return { fd, start: fstatSync(fd).size };
}

/** The last lines written since `start`, from the last 8 kB. */
function lastLines(file: string, start: number): string[] {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const from = Math.max(start, size - 8_192);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    readSync(fd, buffer, 0, buffer.length, from);
    const lines = buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    return lines.slice(-LOG_LINES);
  } finally {
    closeSync(fd);
  }
}
