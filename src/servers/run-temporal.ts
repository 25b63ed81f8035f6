import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { prepareNamespace } from './prepare-namespace';
import { isListening, LOOPBACK } from './ports';
import { type RunContext } from './run-context';
import { startServer, type ServerProcess } from './server-process';
import { poll } from './wait';

export interface TemporalPorts {
  readonly grpc: number;
  /** Absent: no web interface. */
  readonly ui: number | undefined;
}

const READY_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Settings of the server. They cannot be changed while it runs.
 * The poll rates bound how often a queue is looked at: by default 20 a second, which makes each step take 50 ms.
 */
const DYNAMIC_CONFIG: Readonly<Record<string, boolean | number | string>> = {
  'system.enableActivityEagerExecution': true,
  'matching.enableFairness': true,
  'frontend.WorkflowPauseEnabled': true,
  'worker.batcherRPS': 500,
  // One partition: fairness and order hold for the whole queue, and nothing waits in a partition nobody polls.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'history.transferProcessorMaxPollRPS': 1000,
  // Timers fire when they are due, not within the next second (a 10 ms sleep: 1,000 -> 35 ms); and a retry, which is a
  // run that continues as new, starts at once.
  'history.timerProcessorMaxTimeShift': '"1ms"',
  'history.workflowIdReuseMinimalInterval': '"0s"',
  // Limits that protect a shared cluster; here the one user would be the one refused.
  'frontend.rps': 20_000,
  'frontend.namespaceRPS': 20_000,
  'frontend.namespaceRPS.visibility': 1_000,
  'history.rps': 20_000,
  'matching.rps': 20_000,
  'matching.persistenceMaxQPS': 20_000,
};

/** Starts a Temporal server of one process that keeps its state in `<stateDir>/temporal.db`. */
export async function runTemporal(
  program: string,
  ports: TemporalPorts,
  context: RunContext,
): Promise<ServerProcess> {
  const server = await startServer(
    {
      name: 'Temporal',
      command: program,
      args: temporalArguments(ports, join(context.stateDir, 'temporal.db')),
      env: context.env,
      logFile: join(context.stateDir, 'logs', 'temporal.log'),
    },
    context.claim,
  );
  context.started(server);
  await server.untilReady((signal) => answers(ports.grpc, signal), context.signal);
  await withConnection(ports.grpc, (connection) =>
    prepareNamespace(connection, 'default', { retentionMs: 30 * DAY_MS }),
  );
  return server;
}

/** The command line of the Temporal CLI. */
function temporalArguments(ports: TemporalPorts, dbFile: string): string[] {
  const ui = ports.ui === undefined ? ['--headless'] : ['--ui-port', String(ports.ui)];
  // A write-ahead log without waiting for the disk survives the end of the process, though not a power cut.
  const pragmas = ['journal_mode=WAL', 'synchronous=OFF'];
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(ports.grpc), ...ui],
    ...['--db-filename', dbFile, '--log-level', 'error'],
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
  ];
}

/** True once the server answers GetSystemInfo. The port is tried first: gRPC waits a second after a refusal. */
async function answers(port: number, signal: AbortSignal): Promise<boolean> {
  if (!(await poll(() => isListening(port), READY_MS, { signal }))) return false;
  const check = (): Promise<boolean> =>
    withConnection(port, async (connection) => {
      await connection.workflowService.getSystemInfo({});
      return true;
    }).catch(() => false);
  return poll(check, READY_MS, { signal, everyMs: 100 });
}

async function withConnection<T>(
  port: number,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = Connection.lazy({ address: `${LOOPBACK}:${port}` });
  try {
    return await connection.withDeadline(Date.now() + 10_000, () => use(connection));
  } finally {
    await connection.close();
  }
}
