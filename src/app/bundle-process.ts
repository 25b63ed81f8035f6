/** What runs in the process of `bundleApart`: bundles one app and ends. */
import { NightshiftError } from '../shared/errors';
import { bundleApp } from './bundle-app';
import type { BundleAnswer, BundleTask } from './bundle-apart';

process.on('SIGINT', () => {}); // Ctrl-C is for whoever asked
process.once('disconnect', () => process.exit());
process.once('message', ({ appPath, options }: BundleTask) => {
  bundleApp(appPath, options).then(
    (bundled) => answer({ bundled }),
    (error: unknown) => {
      if (!(error instanceof NightshiftError)) throw error;
      const { name, code, message, details, remedies } = error;
      answer({ failed: { name, code, message, details, remedies } });
    },
  );
});

function answer(message: BundleAnswer): void {
  process.send?.(message, () => process.disconnect());
}
