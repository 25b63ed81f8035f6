import { inspect } from 'node:util';
import type { Logger, LogLevel } from '../shared/logger';
import type { Io } from './io';

const HIDDEN = ['taskQueue', 'namespace', 'workflowId', 'runId', 'workflowType', 'taskToken'];

/** Log lines for a person: time, level, sentence, and the fields that say more than where it happened. */
export function createLineLogger(io: Io, leftOut: readonly string[] = []): Logger {
  const { colors } = io;
  const marks: Record<LogLevel, string> = {
    debug: colors.dim('debug'),
    info: colors.dim('info '),
    warn: colors.yellow('warn '),
    error: colors.red('error'),
  };
  return {
    log(level, message, fields = {}) {
      if (level === 'debug' || leftOut.includes(message)) return;
      const shown = Object.entries(fields).filter(
        ([key, value]) => !HIDDEN.includes(key) && value !== undefined,
      );
      const details = shown.map(([key, value]) => `${key}=${fieldText(value)}`).join(' ');
      const about =
        typeof fields['workflowType'] === 'string' ? `${colors.bold(fields['workflowType'])} ` : '';
      io.err(
        `${colors.dim(new Date().toTimeString().slice(0, 8))}  ${marks[level]} ${about}${message} ${colors.dim(details)}`.trimEnd(),
      );
    },
  };
}

const fieldText = (value: unknown): string =>
  typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 2 });
