import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { NightshiftError } from '../shared/errors';
import { spawnGuarded, type Guarded } from './guard';
import { withTimeout } from './wait';

export interface ToolOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly stopSignal?: NodeJS.Signals;
  /** Gets each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
}

/** A tool that ended with an error; the message holds the last lines it wrote. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

const KEPT_LINES = 8;

/**
 * Runs a program to its end and resolves with what it wrote to stdout. The program is ended when `signal` fires, when
 * `timeoutMs` have passed, and when this process is gone.
 * @throws {ToolError} if it cannot be started, fails, or takes too long.
 * @throws {NightshiftError} code `cancelled` if `signal` fired.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<string> {
  throwIfCancelled(options.signal);
  const tool = await start(command, args, options);
  const tail: string[] = [];
  const seen = (line: string): void => {
    if (line.trim() !== '' && tail.push(line.trim()) > KEPT_LINES) tail.shift();
    options.onLine?.(line);
  };
  const stdout: string[] = [];
  const read = Promise.all([
    eachLine(tool.stdout, (line) => (stdout.push(line), seen(line))),
    eachLine(tool.stderr, seen),
  ]);
  const late = await ended(tool, options);
  await withTimeout(read, 2_000); // a stray grandchild may hold the pipe open
  throwIfCancelled(options.signal);
  const { code, signal } = await tool.exited;
  if (code === 0) return stdout.join('\n');
  const how = late
    ? `took longer than ${options.timeoutMs / 1000} s`
    : `failed (${code ?? signal})`;
  throw new ToolError(`"${command}" ${how}${tail.length > 0 ? `: ${tail.join('\n')}` : ''}`);
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new NightshiftError('cancelled', 'Starting the development servers was cancelled');
  }
}

function start(command: string, args: readonly string[], options: ToolOptions): Promise<Guarded> {
  return spawnGuarded({
    command,
    args,
    env: options.env,
    output: 'pipe',
    graceMs: 2_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.stopSignal === undefined ? {} : { stopSignal: options.stopSignal }),
  }).catch((error: Error) => {
    throw new ToolError(error.message);
  });
}

/** Waits for the end of the tool; true if it had to be ended because it took too long. */
async function ended(tool: Guarded, { signal, timeoutMs }: ToolOptions): Promise<boolean> {
  let late = false;
  const stop = (): void => void tool.stop();
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, timeoutMs);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    await tool.exited;
    return late;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function eachLine(stream: Readable | null, seen: (line: string) => void): Promise<void> {
  if (stream === null) return;
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) seen(line);
}
