import { log as temporalLog } from '@temporalio/workflow';
import { recordLog } from './recorder';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes to the worker process's log, and into the event's trace. A replay writes nothing again.
 * @param fields values to stand beside the sentence
 * @example log.info('welcome sent', { to: event.email })
 */
export const log = Object.freeze({
  debug: (message: string, fields?: Fields) => write('debug', message, fields),
  info: (message: string, fields?: Fields) => write('info', message, fields),
  warn: (message: string, fields?: Fields) => write('warn', message, fields),
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
