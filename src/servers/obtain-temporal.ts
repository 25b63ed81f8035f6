import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGo, findGo } from './build-go';
import { cached } from './cache';
import { downloadTemporal, requireTemporalHost } from './download';
import { goModuleDir } from './package-root';
import { runTool } from './run-tool';
import { isOlder, TEMPORAL_CLI_MINIMUM, TEMPORAL_CLI_VERSION } from './versions';
import {
  asTask,
  findProgram,
  firstOpen,
  givenBinary,
  WayClosed,
  type Report,
  type SetupContext,
} from './ways';

export interface TemporalProgram {
  readonly path: string;
  readonly source: string;
}

const GIVEN = 'NIGHTSHIFT_TEMPORAL_BINARY';

/**
 * Finds or makes the Temporal CLI: the one given, on PATH, in the cache, downloaded, or built with Go.
 * @throws {ConfigError} code `temporal_unavailable`, naming each way and why it is closed.
 */
export function obtainTemporal(
  given: string | undefined,
  context: SetupContext,
): Promise<TemporalProgram> {
  const entry = join(context.cacheDir, `temporal-cli-${TEMPORAL_CLI_VERSION}`);
  const make = async (title: string, how: string, into: Maker): Promise<TemporalProgram> => {
    await cached(entry, title, context, (dir) =>
      asTask(context.progress, title, async (report) => {
        await into(dir, report);
        await versionOf(join(dir, 'temporal'), context); // does it run?
        await writeFile(join(dir, 'source'), `cached ${how} ${TEMPORAL_CLI_VERSION}`);
      }),
    );
    return fromCache(entry);
  };
  return firstOpen('a Temporal server', 'temporal_unavailable', [
    {
      name: 'a binary given',
      go: async () => ({
        path: await givenBinary(given ?? context.env[GIVEN], GIVEN),
        source: `given by ${given === undefined ? GIVEN : 'options'}`,
      }),
    },
    { name: 'on PATH', go: () => onPath(context) },
    { name: 'in the cache', go: () => fromCache(entry) },
    {
      name: 'official download',
      go: async () => {
        await requireTemporalHost(context.env);
        return make('Downloading the Temporal CLI', 'download', (dir, report) =>
          downloadTemporal(dir, context, report),
        );
      },
    },
    {
      name: 'built with Go',
      go: async () => {
        const module = goModuleDir('temporal-cli');
        await findGo(module, context);
        return make('Building the Temporal CLI', 'build', (dir, report) =>
          buildGo({ ...PROGRAM, module, into: dir }, context, report),
        );
      },
    },
  ]);
}

type Maker = (dir: string, report: Report) => Promise<void>;

const PROGRAM = { package: 'github.com/temporalio/cli/cmd/temporal', program: 'temporal' };

async function onPath(context: SetupContext): Promise<TemporalProgram> {
  const path = await findProgram('temporal', context.env);
  if (path === undefined) throw new WayClosed('there is no "temporal" on PATH');
  const version = await versionOf(path, context);
  if (isOlder(version, TEMPORAL_CLI_MINIMUM)) {
    const why = `"${path}" is version ${version}, ${TEMPORAL_CLI_MINIMUM} is needed`;
    throw new WayClosed(why, 'Update the Temporal CLI on PATH');
  }
  return { path, source: `temporal ${version} on PATH` };
}

async function fromCache(entry: string): Promise<TemporalProgram> {
  const path = join(entry, 'temporal');
  if (!existsSync(path)) throw new WayClosed('nothing there');
  return { path, source: await readFile(join(entry, 'source'), 'utf8') };
}

async function versionOf(path: string, { env, signal }: SetupContext): Promise<string> {
  const text = await runTool(path, ['--version'], { env, signal, timeoutMs: 20_000 });
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? '0';
}
