import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What a bundle was made from. */
export interface BundleInputs {
  readonly files: Iterable<string>;
  /** Files that would have been taken, had they been there. */
  readonly missing: Iterable<string>;
}

interface Kept<T> {
  /** Times and size of each file. */
  readonly stamps: readonly (readonly [path: string, stamp: string])[];
  readonly missing: readonly string[];
  readonly value: T;
}

export interface BundleCache<T> {
  /** Undefined if there is none, or any of its inputs has changed since. */
  read(): T | undefined;
  write(value: T, inputs: BundleInputs): void;
}

const KEPT_MS = 30 * 86_400_000;
/** File systems' clocks are coarser than ours, and behind it. */
const CLOCKS_APART_MS = 100;

/**
 * Keeps the bundle of an app on disk, beside its dependencies: to bundle anew what has not changed is most of a start.
 * `what` tells bundles of the same app apart. An app without `node_modules` above it has no cache.
 */
export function bundleCache<T>(
  appPath: string,
  what: readonly string[],
): BundleCache<T> | undefined {
  const folder = folderFor(appPath);
  if (folder === undefined) return undefined;
  // What bundles and compiles queries is no input that the bundler knows of.
  const compiler = [__dirname, join(__dirname, '..', 'query')].map(stampsBelow);
  const key = JSON.stringify([appPath, process.cwd(), process.version, what, compiler]);
  const file = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  const began = Date.now() - CLOCKS_APART_MS;
  return {
    read() {
      try {
        const { stamps, missing, value } = JSON.parse(readFileSync(file, 'utf8')) as Kept<T>;
        const same = stamps.every(([path, stamp]) => stampOf(path) === stamp);
        return same && !missing.some(existsSync) ? value : undefined;
      } catch {
        return undefined; // none, or cut off by a crash
      }
    },

    write(value, inputs) {
      const files = [...inputs.files].filter(isFile).sort();
      // Of a file that changes meanwhile nobody knows which version went in.
      if (files.some((path) => statSync(path).mtimeMs >= began)) return;
      const kept: Kept<T> = {
        stamps: files.map((path) => [path, stampOf(path) ?? ''] as const),
        missing: [...inputs.missing].filter((path) => !existsSync(path)),
        value,
      };
      try {
        mkdirSync(folder, { recursive: true });
        removeOld(folder);
        const written = `${file}.${randomUUID()}`;
        writeFileSync(written, JSON.stringify(kept));
        renameSync(written, file); // whole or not at all: others may read it
      } catch {
        // A folder that cannot be written to: without a cache it works as well.
      }
    },
  };
}

function folderFor(appPath: string): string | undefined {
  for (let folder = dirname(appPath); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache', 'nightshift', 'bundles');
    if (folder === dirname(folder)) return undefined;
  }
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function stampOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size}`;
}

function stampsBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return paths.map((path) => `${path} ${stampOf(join(folder, path)) ?? ''}`);
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > KEPT_MS) rmSync(path, { force: true });
  }
}
