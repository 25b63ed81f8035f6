import { fork } from 'node:child_process';
import { ConfigError, InvalidInputError, type NightshiftError } from '../shared/errors';
import { type AppBundle, bundleApp, type BundleOptions, keptBundle } from './bundle-app';

/** What the process is asked, and what it answers. */
export interface BundleTask {
  readonly appPath: string;
  readonly options: BundleOptions;
}
export type BundleAnswer =
  { readonly bundled: AppBundle } | { readonly failed: Omit<NightshiftError, 'cause' | 'stack'> };

const PROGRAM = require.resolve('./bundle-process');

/**
 * As `bundleApp`, in a process that ends with it: the bundler keeps a hundred megabytes for as long as the one that it
 * was loaded in, and a process that serves an app needs it once.
 */
export async function bundleApart(
  appPath: string,
  options: BundleOptions = {},
): Promise<AppBundle> {
  // Run from TypeScript, as in this package's own tests: Node would have to be taught it.
  if (PROGRAM.endsWith('.ts')) return bundleApp(appPath, options);
  return keptBundle(appPath, options) ?? bundled(await answerOf({ appPath, options }));
}

function answerOf(task: BundleTask): Promise<BundleAnswer> {
  return new Promise((resolve, reject) => {
    const bundler = fork(PROGRAM, { serialization: 'advanced', execArgv: [] });
    bundler.once('message', (answer) => resolve(answer as BundleAnswer));
    bundler.once('error', reject);
    bundler.once('exit', () => reject(new Error('The bundler ended without an answer')));
    bundler.send(task, (error) => {
      if (error !== null) reject(error);
    });
  });
}

/** Errors lose their class on the way. */
function bundled(answer: BundleAnswer): AppBundle {
  if ('bundled' in answer) return answer.bundled;
  const { name, code, message, details, remedies } = answer.failed;
  const AsItWas = name === 'ConfigError' ? ConfigError : InvalidInputError;
  throw new AsItWas(code, message, { details, remedies });
}
