import {
  DefaultLogger,
  type LogEntry,
  makeTelemetryFilterString,
  Runtime,
} from '@temporalio/worker';
import type { Logger, LogLevel } from '../shared/logger';

const LEVELS: Readonly<Record<LogEntry['level'], LogLevel>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

let logger: Logger | undefined;

/**
 * Temporal's runtime exists once a process: the first worker process made in it sets it up. It listens for SIGINT and
 * SIGTERM and drains the workers then. Later calls only change where it logs.
 */
export function installRuntime(to: Logger): void {
  const first = logger === undefined;
  logger = to;
  if (!first) return;
  Runtime.install({
    logger: new DefaultLogger('INFO', forward),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
}

// Said by us, with the event's id and error; Temporal says it again, at length, with the whole failure.
const SAID_BY_US = ['Workflow failed', 'Activity failed'];
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
  logger?.log(LEVELS[level], message, fields);
}

function sayAway(now: number): void {
  if (now - saidAwayAt < AWAY_EVERY_MS) return;
  saidAwayAt = now;
  logger?.log('warn', 'Temporal does not answer; waiting for it', {});
}
