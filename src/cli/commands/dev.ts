import { dirname, relative } from 'node:path';
import { watch } from 'chokidar';
import { connect, type NightshiftClient } from '../../../client';
import { resolveActivitiesPath, resolveAppPath } from '../../app/app-path';
import { exportOpenTelemetry, resolveConfig } from '../../config';
import { type RunningServers, startServers } from '../../servers/start-servers';
import { exampleOf } from '../../definitions/event-json';
import { formatDuration } from '../../shared/duration';
import { type ServedDashboard, serveDashboard } from '../../dashboard/serve-dashboard';
import { NightshiftError } from '../../shared/errors';
import { createWorker, type NightshiftWorker } from '../../worker/create-worker';
import {
  activitiesOption,
  type CommandDefinition,
  type CommandInput,
  textOption,
} from '../command';
import { connectOptionsOf, removeDevState, stateDirOf, writeDevState } from '../dev-state';
import type { Io } from '../io';
import { showEndedEvents } from '../ended-events';
import { createLineLogger } from '../log-lines';
import { served } from '../served';
import { portOf } from '../port-option';
import { projectOf } from '../project';
import { createProgress } from '../progress';
import { showError } from '../show-error';
import { keepHeapSmall } from '../small-heap';
import { tokensIn } from '../tokens';
import { untilStopped } from '../until-stopped';
import { version } from '../../version';
import { workerOptionsOf } from '../worker-options';

const SETTLE_MS = 60;
/** Log messages that would say once more what an event's own line says. */
const SHOWN_AS_EVENTS = ['event failed'];

export const dev: CommandDefinition = {
  name: 'dev',
  summary:
    'start everything for development: Temporal, MongoDB, the worker process; reload on save',
  args: [{ name: 'app', summary: 'the file that exports the workers, crons and datastores' }],
  options: [
    {
      flags: '--name <name>',
      summary: 'the app (default: NIGHTSHIFT_NAME, else the name in package.json)',
    },
    activitiesOption,
    { flags: '--temporal-port <port>', summary: 'default 7233' },
    { flags: '--temporal-ui-port <port>', summary: 'default 8233' },
    { flags: '--mongodb-port <port>', summary: 'default 27017' },
    { flags: '--dashboard-port <port>', summary: 'default 8234' },
  ],
  example: 'nightshift dev app.ts',

  async run(input, io) {
    const started = Date.now();
    keepHeapSmall();
    const appPath = resolveAppPath(input.args['app'] ?? '', io.cwd);
    const config = resolveConfig(connectOptionsOf(input), { env: io.env, cwd: dirname(appPath) });
    const { name, openTelemetry = false } = config;
    if (openTelemetry) exportOpenTelemetry(dirname(appPath));
    // A wrong path is told before servers start
    resolveActivitiesPath(textOption(input, 'activities'), appPath, io.cwd);
    const stateDir = stateDirOf(dirname(appPath));
    await using servers = await startedServers(input, io, stateDir);
    const { temporal, mongodb } = servers;
    const { encryptionKey } = config.temporal;
    const where = {
      name,
      temporal: {
        address: temporal.address,
        ...(encryptionKey === undefined ? {} : { encryptionKey }),
      },
      mongodb: { uri: mongodb.uri },
      openTelemetry,
    };
    await using worker = await createWorker(
      {
        app: appPath,
        ...where,
        ...workerOptionsOf(config, input),
        logger: createLineLogger(io, SHOWN_AS_EVENTS),
      },
      { reloads: true },
    );
    writeDevState(stateDir, {
      pid: process.pid,
      name,
      temporal: temporal.address,
      mongodb: mongodb.uri,
    });
    try {
      await using client = await connect(where);
      const dashboard = await serveDashboard({
        client,
        project: projectOf({ client, mongodbUri: mongodb.uri, appPath, cwd: io.cwd }),
        tokens: tokensIn(io.env),
        ...portOption(input, 'dashboardPort', 'port'),
      });
      const lines = showEndedEvents(client, io);
      try {
        const app = relative(io.cwd, appPath);
        const ms = Date.now() - started;
        const emit = await emitExample(client);
        io.err(header({ name, ms, app, worker, servers, dashboard, emit }, io));
        io.send({
          type: 'ready',
          name,
          temporal: temporal.address,
          mongodb: mongodb.uri,
          ui: temporal.uiUrl,
          dashboard: dashboard.url,
        });
        return await serveUntilStopped(worker, servers, io);
      } finally {
        await lines.close();
        await dashboard.close();
      }
    } finally {
      removeDevState(stateDir);
    }
  },
};

async function startedServers(
  input: CommandInput,
  io: Io,
  stateDir: string,
): Promise<RunningServers> {
  const progress = createProgress(io);
  try {
    return await startServers({
      stateDir,
      env: io.env,
      ports: {
        ...portOption(input, 'temporalPort', 'temporal'),
        ...portOption(input, 'temporalUiPort', 'temporalUi'),
        ...portOption(input, 'mongodbPort', 'mongodb'),
      },
      progress,
      signal: io.signal,
    });
  } finally {
    progress.stop();
  }
}

function portOption(input: CommandInput, option: string, key: string): Record<string, number> {
  const port = portOf(input, option);
  return port === undefined ? {} : { [key]: port };
}

async function serveUntilStopped(
  worker: NightshiftWorker,
  servers: RunningServers,
  io: Io,
): Promise<number> {
  const watcher = reloadOnSave(worker, io);
  try {
    const serverGone = servers.exited.then(({ name, code, signal, logFile }) => {
      const how = signal === null ? `with exit code ${code}` : `by signal ${signal}`;
      throw new NightshiftError('server_failed', `${name} ended unasked, ${how}`, {
        remedies: [
          `its log: ${relative(io.cwd, logFile)}`,
          'start again: no event and no record is lost',
        ],
      });
    });
    // Temporal's runtime heeds signals, too, but misses one that comes before there is anything to end.
    const stopped = untilStopped(io).then(() => worker.shutdown());
    await Promise.race([worker.run(), stopped, serverGone]);
    return 0;
  } finally {
    await watcher.close();
  }
}

/** The old code serves on where the new cannot be loaded. */
function reloadOnSave(worker: NightshiftWorker, io: Io): { close(): Promise<void> } {
  const watcher = watch([...worker.files], { ignoreInitial: true });
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<void> = Promise.resolve();
  const reload = async (file: string): Promise<void> => {
    const started = Date.now();
    try {
      await worker.reload();
      watcher.add([...worker.files]);
      io.err(
        `${io.colors.cyan(io.symbols.reload)} reloaded ${relative(io.cwd, file)} in ${formatDuration(Date.now() - started)}`,
      );
    } catch (error) {
      showError(error, io, { json: false, verbose: false });
      io.err(io.colors.dim('  the code before this change serves on'));
    }
  };
  watcher.on('all', (_event, file) => {
    clearTimeout(timer); // editors write a file in several steps
    timer = setTimeout(() => {
      busy = busy.then(() => reload(file));
    }, SETTLE_MS);
  });
  return {
    async close() {
      clearTimeout(timer);
      await watcher.close();
      await busy;
    },
  };
}

interface HeaderFacts {
  readonly name: string;
  readonly ms: number;
  readonly app: string;
  readonly worker: NightshiftWorker;
  readonly servers: RunningServers;
  readonly dashboard: ServedDashboard;
  readonly emit: EmitExample;
}

interface EmitExample {
  readonly handler: string;
  /** JSON. */
  readonly event: string;
}

/** One that the first worker takes, its texts filled with the names of their fields. */
async function emitExample({ handlers }: NightshiftClient): Promise<EmitExample> {
  const [first] = (await handlers.list()).filter(({ kind }) => kind === 'worker');
  if (first === undefined) return { handler: '<handler>', event: '{}' };
  const filled = (key: string, value: unknown): unknown => (value === '' ? key : value);
  return { handler: first.name, event: JSON.stringify(exampleOf(first.event), filled) };
}

function header(
  { name, ms, app, worker, servers, dashboard, emit }: HeaderFacts,
  { colors }: Io,
): string {
  const { temporal, mongodb } = servers;
  const row = (label: string, value: string, note = ''): string =>
    `  ${colors.dim(label.padEnd(11))} ${value}  ${colors.dim(note)}`.trimEnd();
  return [
    '',
    `  ${colors.bold(`nightshift ${version}`)}  ${name}   ${colors.dim(`ready in ${formatDuration(ms)}`)}`,
    '',
    row('Dashboard', dashboard.url),
    row('App', app, served(worker.serves)),
    row('Emit', `npx nightshift emit ${emit.handler} '${emit.event}' --wait`),
    temporal.uiUrl === undefined
      ? row('Temporal', temporal.address, temporal.source)
      : row('Temporal', temporal.uiUrl, `${temporal.address}, ${temporal.source}`),
    row('MongoDB', mongodb.uri, mongodb.source),
    '',
    `  ${colors.dim('Ctrl-C stops everything; data stay in .nightshift')}`,
    '',
  ].join('\n');
}
