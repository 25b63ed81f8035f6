/**
 * The worker process: serves an app until told to stop. As a program: `node worker.js app.ts`.
 * @module
 */
export { createWorker } from './src/worker/create-worker';
export type { CreateWorkerOptions, NightshiftWorker } from './src/worker/create-worker';
export type { ConnectOptions, MongodbOptions, TemporalOptions, TlsOptions } from './src/config';
export type { Logger, LogLevel } from './src/shared/logger';

// The same as `nightshift worker app.ts`, for where a file is started rather than a command. Loaded only then: the worker
// stands below the command line.
if (require.main === module) {
  void import('./src/cli/main.js').then(({ main }) => main(['worker', ...process.argv.slice(2)]));
}
