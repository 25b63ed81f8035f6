/** How much a line of the log matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a worker process and its handlers log: a sentence, and fields beside it. */
export interface Logger {
  /** Writes one line. Must not throw. */
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: Logger = { log: () => {} };
