import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';

interface Where {
  readonly cwd: string;
  /** Looked in for programs before the others. */
  readonly path?: string;
}

export interface Started {
  /** Waits until the text stands in its output; rejects if it ends before. */
  says(text: RegExp): Promise<void>;
  /** As Ctrl-C in a terminal does: to the command and all that it started. Resolves to its exit code. */
  interrupt(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Starts a command in a process group of its own. */
export function start(command: string, args: readonly string[], where: Where): Started {
  const { child, output } = launch(command, args, where);
  return {
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => (text.test(output()) ? resolve() : undefined);
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        child.once('close', () => reject(new Error(`It ended without ${text}:\n${output()}`)));
        look();
      }),
    async interrupt() {
      const closed = once(child, 'close');
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await closed;
      return child.exitCode;
    },
  };
}

/** Runs a command to its end. Resolves to what it wrote; rejects, with all of that, if it fails. */
export async function run(command: string, args: readonly string[], where: Where): Promise<string> {
  const { child, output } = launch(command, args, where);
  await once(child, 'close');
  if (child.exitCode === 0) return output();
  throw new Error(`${[command, ...args].join(' ')} ended with ${child.exitCode}:\n${output()}`);
}

export async function endAll(): Promise<void> {
  for (const child of running) {
    const closed = once(child, 'close');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await closed;
  }
}

function launch(command: string, args: readonly string[], { cwd, path }: Where) {
  const child = spawn(command, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ownEnvironment(), ...(path === undefined ? {} : withPath(path)) },
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  return { child, output: () => output };
}

const withPath = (first: string): NodeJS.ProcessEnv => ({
  PATH: `${first}${delimiter}${process.env['PATH'] ?? ''}`,
});

/** Without what npm and Jest have put in for this run, which would change what the commands do. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const theirs =
    /^(npm_(?!config_(registry|cache|userconfig)$)|NODE_ENV$|JEST_|NODE_OPTIONS$|INIT_CWD$)/i;
  const own = Object.entries(process.env).filter(([name]) => !theirs.test(name));
  return { ...Object.fromEntries(own), NO_COLOR: '1', LANG: 'C.UTF-8', npm_config_yes: 'true' };
}
