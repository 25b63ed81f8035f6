/** What runs in the thread of `bundleApart`: bundles one app and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { NightshiftError } from '../shared/errors';
import { bundleApp } from './bundle-app';
import type { BundleAnswer, BundleTask } from './bundle-apart';

const { appPath, options } = workerData as BundleTask;

bundleApp(appPath, options).then(
  (bundled) => answer({ bundled }),
  (error: unknown) => {
    if (!(error instanceof NightshiftError)) throw error;
    const { name, code, message, details, remedies } = error;
    answer({ failed: { name, code, message, details, remedies } });
  },
);

function answer(message: BundleAnswer): void {
  parentPort?.postMessage(message);
}
