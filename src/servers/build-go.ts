import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool, type ToolOptions } from './run-tool';
import { isOlder } from './versions';
import { findProgram, WayClosed, type Report, type SetupContext } from './ways';

export interface GoBuild {
  /** Folder of the Go module. */
  readonly module: string;
  /** The package to build, as `go build` names it. */
  readonly package: string;
  /** Folder that gets the program and, while it is built, Go's temporary files. */
  readonly into: string;
  readonly program: string;
}

const TIMEOUT_MS = 45 * 60_000;
const FLAGS = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
// How much of the whole each phase usually takes, from an empty module cache.
const DOWNLOADED = 0.1;
const COMPILED = 0.95;

/**
 * Builds a program with Go, needing nothing but Go and a module proxy. Go keeps its downloads and compiled packages in
 * its own caches, so a build that was interrupted goes on where it stopped.
 * @throws {WayClosed} if there is no Go, or too old a one.
 */
export async function buildGo(
  build: GoBuild,
  context: SetupContext,
  report: Report,
): Promise<void> {
  const go = await findGo(build.module, context);
  const options: ToolOptions = {
    cwd: build.module,
    env: { ...context.env, CGO_ENABLED: '0', GOWORK: 'off', GOTMPDIR: build.into },
    signal: context.signal,
    timeoutMs: TIMEOUT_MS,
  };
  const packages = await listPackages(go, build, options, report);
  let compiled = 0;
  const onLine = (line: string): void => {
    if (!packages.has(line.trim())) return;
    const share = ++compiled / packages.size;
    report(
      DOWNLOADED + share * (COMPILED - DOWNLOADED),
      `${compiled} of ${packages.size} packages`,
    );
  };
  report(DOWNLOADED, 'compiling');
  const output = join(build.into, build.program);
  await runTool(go, ['build', '-v', ...FLAGS, '-ldflags=-s -w', '-o', output, build.package], {
    ...options,
    onLine,
  });
}

/** All packages the program consists of. Listing them makes Go download their modules. */
async function listPackages(
  go: string,
  build: GoBuild,
  options: ToolOptions,
  report: Report,
): Promise<Set<string>> {
  const modules = countModules(await readFile(join(build.module, 'go.sum'), 'utf8'));
  let downloaded = 0;
  const onLine = (line: string): void => {
    if (!line.startsWith('go: downloading')) return;
    const share = Math.min(1, ++downloaded / modules);
    report(share * DOWNLOADED, `downloading modules (${downloaded})`);
  };
  report(0, 'looking for modules');
  const listed = await runTool(go, ['list', '-deps', ...FLAGS, build.package], {
    ...options,
    onLine,
  });
  return new Set(listed.split('\n').filter(Boolean));
}

/** Modules whose code, not only whose go.mod, has a checksum. */
export function countModules(goSum: string): number {
  const lines = goSum.split('\n').filter((line) => line !== '' && !line.includes('/go.mod h1:'));
  return Math.max(1, lines.length);
}

/** The `go` program. @throws {WayClosed} if there is none that can build `module`. */
export async function findGo(module: string, { env, signal }: SetupContext): Promise<string> {
  const needed = /^go (\S+)$/m.exec(await readFile(join(module, 'go.mod'), 'utf8'))?.[1] ?? '1.21';
  const remedy = `Install Go ${needed} or newer (https://go.dev/dl) and put it on PATH`;
  const go = await findProgram('go', env);
  if (go === undefined) throw new WayClosed('there is no "go" on PATH', remedy);
  const options = { env, signal, timeoutMs: 30_000, cwd: tmpdir() };
  const [version = '', toolchain = ''] = (
    await runTool(go, ['env', 'GOVERSION', 'GOTOOLCHAIN'], options)
  ).split('\n');
  // From 1.21 on, and unless told otherwise, Go fetches the toolchain that go.mod asks for.
  const fetches = !isOlder(version, '1.21') && !/^(local|path|go[\d.]+)$/.test(toolchain);
  if (isOlder(version, needed) && !fetches) {
    throw new WayClosed(`Go is too old: ${version} is installed, ${needed} is needed`, remedy);
  }
  return go;
}
