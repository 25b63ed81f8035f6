import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ConfigError, hasCode, messageOf, type ErrorCode } from '../shared/errors';
import { type Progress } from '../shared/progress';

/** What every way to get a server works with. */
export interface SetupContext {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/** Tells how far a set-up is; see `ProgressTask.update`. */
export type Report = (fraction: number | undefined, note: string) => void;

/** One way to get a server; it throws `WayClosed`, or any other error, if it is not open here. */
export interface Way<T> {
  readonly name: string;
  readonly go: () => Promise<T>;
}

/** Says why a way is not open on this machine and what would open it. */
export class WayClosed extends Error {
  override readonly name = 'WayClosed';
  readonly remedies: readonly string[];
  constructor(why: string, ...remedies: string[]) {
    super(why);
    this.remedies = remedies;
  }
}

/** Waits for all of `parts`; if some fail, throws one error that tells about each of them. */
export async function allParts(parts: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(parts);
  const errors = results.flatMap((r): unknown[] => (r.status === 'rejected' ? [r.reason] : []));
  if (errors.length === 0) return;
  const closed = errors.filter((error) => error instanceof WayClosed);
  if (errors.length === 1 || errors.some((error) => hasCode(error, 'cancelled'))) throw errors[0];
  throw new WayClosed(errors.map(messageOf).join('; '), ...closed.flatMap((e) => e.remedies));
}

interface Attempt {
  readonly way: string;
  readonly why: string;
  readonly remedies: readonly string[];
}

/**
 * Goes through `ways` in order and returns what the first open one gives.
 * @throws {ConfigError} with `code`, naming every way and why it is closed, if none is open.
 */
export async function firstOpen<T>(
  what: string,
  code: ErrorCode,
  ways: readonly Way<T>[],
): Promise<T> {
  const attempts: Attempt[] = [];
  for (const { name, go } of ways) {
    try {
      return await go();
    } catch (error) {
      // What the user asked for by name is not to be replaced by something else, and Ctrl-C means now.
      if (hasCode(error, 'cancelled') || hasCode(error, 'config_invalid')) throw error;
      const remedies = error instanceof WayClosed ? error.remedies : [];
      attempts.push({ way: name, why: messageOf(error), remedies });
    }
  }
  const tried = attempts.map(({ way, why }) => `${way}: ${why}`);
  throw new ConfigError(code, `No way to get ${what} is open here\n  ${tried.join('\n  ')}`, {
    details: { attempts },
    remedies: [...new Set(attempts.flatMap(({ remedies }) => remedies))],
  });
}

/** The full path of a program on PATH, or undefined. */
export async function findProgram(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    for (const suffix of suffixes) {
      const path = join(folder, name + suffix);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** The binary somebody named on purpose. @throws {ConfigError} code `config_invalid` if it cannot be run. */
export async function givenBinary(path: string | undefined, setting: string): Promise<string> {
  if (path === undefined || path === '') throw new WayClosed(`${setting} is not set`);
  if (await isExecutable(path)) return path;
  throw new ConfigError('config_invalid', `${setting} names "${path}", which cannot be run`, {
    remedies: [`Correct ${setting}, or unset it`],
  });
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Runs `work` as one visible task, which fails with it. */
export async function asTask<T>(
  progress: Progress,
  title: string,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  const task = progress.task(title);
  try {
    const result = await work((fraction, note) => task.update(fraction, note));
    task.done();
    return result;
  } catch (error) {
    task.failed(messageOf(error).split('\n')[0] ?? '');
    throw error;
  }
}
