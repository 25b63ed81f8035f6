import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until';

const MAIN = join(__dirname, '..', '..', 'dist', 'src', 'cli', 'main.js');

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A `nightshift` command in a process of its own. */
export interface RunningCli {
  readonly process: ChildProcess;
  readonly err: () => string;
  /** Waits until the text stands in what it wrote to stderr. */
  says(text: string | RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
}

const running = new Set<ChildProcess>();

afterAll(async () => {
  for (const child of running) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Starts the built command line. What still runs at the end of the test file is ended. */
export function startCli(
  args: readonly string[],
  { cwd, env, stdin }: CliOptions = {},
): RunningCli {
  const child = spawn(process.execPath, [MAIN, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, NO_COLOR: '1', LANG: 'C.UTF-8', ...env },
    stdio: 'pipe',
  });
  running.add(child);
  child.stdin.end(stdin ?? '');
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const finished = once(child, 'close').then(() => {
    running.delete(child);
    return { code: child.exitCode, out, err };
  });
  return {
    process: child,
    err: () => err,
    says: async (text) => {
      await until(
        () => err,
        (said) => (typeof text === 'string' ? said.includes(text) : text.test(said)),
        60_000,
      );
    },
    finished,
  };
}

export function cli(args: readonly string[], options?: CliOptions): Promise<Finished> {
  return startCli(args, options).finished;
}
