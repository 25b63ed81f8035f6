import { log as temporalLog } from '@temporalio/workflow';
import { recordLog } from './recorder';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes to the worker process's log, and into the event's trace. A replay writes nothing again.
 * @param fields values to stand beside the sentence
 * @example log.info('welcome sent', { to: event.email })
 */
export const log = Object.freeze({
  /** For whoever looks for a mistake. */
  debug: (message: string, fields?: Fields) => write('debug', message, fields),
  /** What is worth knowing. */
  info: (message: string, fields?: Fields) => write('info', message, fields),
  /** What somebody should look at some time. */
  warn: (message: string, fields?: Fields) => write('warn', message, fields),
  /** What somebody should look at now. */
  error: (message: string, fields?: Fields) => write('error', message, fields),
});

function write(
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields: Fields | undefined,
): void {
  temporalLog[level](message, fields);
  recordLog(level, message, fields);
}
