import {
  DefaultLogger,
  type LogEntry,
  makeTelemetryFilterString,
  type MetricsExporterConfig,
  Runtime,
} from '@temporalio/worker';
import { ConfigError, messageOf } from '../shared/errors';
import type { Logger, LogLevel } from '../shared/logger';
import { METRICS } from '../shared/metrics';
import { reasonOfTaskFailure } from './task-failure';

const LEVELS: Readonly<Record<LogEntry['level'], LogLevel>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

let logger: Logger | undefined;
let metricsAddress: string | undefined;

// Seconds, fine where most events and calls of a datastore are: the defaults begin at 50 ms.
const BUCKETS = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 30, 60, 300, 1800, 3600],
];

/**
 * Temporal's runtime exists once a process: the first worker process made in it sets it up. It listens for SIGINT and
 * SIGTERM and drains the workers then. Later calls only change where it logs.
 * @param metrics where to serve metrics for Prometheus; none if left out
 * @throws {ConfigError} code `port_in_use`, or `config_invalid` if the process has a runtime with other metrics
 */
export function installRuntime(to: Logger, metrics?: string): void {
  const first = logger === undefined;
  if (!first) checkSameMetrics(metrics);
  else install(metrics);
  logger = to;
}

function install(metrics: string | undefined): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('INFO', forward),
      telemetryOptions: {
        logging: {
          forward: {},
          filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }),
        },
        ...(metrics === undefined ? {} : { metrics: prometheusAt(metrics) }),
      },
    });
    metricsAddress = metrics;
  } catch (error) {
    if (metrics === undefined || !/address/i.test(messageOf(error))) throw error;
    throw new ConfigError('port_in_use', `Metrics cannot be served at ${metrics}`, {
      cause: error,
      remedies: ['choose another address: NIGHTSHIFT_METRICS', 'or end what uses it'],
    });
  }
}

function checkSameMetrics(metrics: string | undefined): void {
  if (metrics === undefined || metrics === metricsAddress) return;
  throw new ConfigError(
    'config_invalid',
    `A process serves its metrics at one address: ${metricsAddress ?? 'none, as it began without'}; got ${metrics}`,
    { remedies: ['give all worker processes of a process the same option "metrics"'] },
  );
}

function prometheusAt(bindAddress: string): MetricsExporterConfig {
  const ours = [METRICS.start, METRICS.run, METRICS.dbTime];
  return {
    prometheus: {
      bindAddress,
      useSecondsForDurations: true,
      histogramBucketOverrides: Object.fromEntries(ours.map((name) => [name, BUCKETS])),
    },
  };
}

// Said by us, with the event's id and error; Temporal says it again, at length, with the whole failure.
const SAID_BY_US = ['Workflow failed', 'Activity failed', 'Worker failed'];
const TASK_FAILED = 'Failing workflow task';
// Each of its many pollers says so, again and again, while a server is away.
const AWAY = /^gRPC call \w+ retried/;
const AWAY_EVERY_MS = 30_000;
let saidAwayAt = Number.NEGATIVE_INFINITY;

function forward({ level, message, meta, timestampNanos }: LogEntry): void {
  const { sdkComponent, ...fields } = meta ?? {};
  if (SAID_BY_US.includes(message)) return;
  // What Temporal itself says at this level is of no use to a user; what handlers log is.
  if (
    level === 'INFO' &&
    String(sdkComponent) !== 'workflow' &&
    String(sdkComponent) !== 'activity'
  )
    return;
  if (AWAY.test(message)) return sayAway(Number(timestampNanos / 1_000_000n));
  if (message === TASK_FAILED) {
    const reason = reasonOfTaskFailure(fields['failure']);
    const told = reason === undefined ? {} : { reason };
    return logger?.log(LEVELS[level], 'the code of an event was stopped; it is tried again', told);
  }
  logger?.log(LEVELS[level], message, fields);
}

function sayAway(now: number): void {
  if (now - saidAwayAt < AWAY_EVERY_MS) return;
  saidAwayAt = now;
  logger?.log('warn', 'Temporal does not answer; waiting for it', {});
}
