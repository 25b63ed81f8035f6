export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a worker process and its handlers log: a sentence, and fields beside it. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: Logger = { log: () => {} };
