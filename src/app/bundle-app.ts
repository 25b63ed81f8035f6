import { dirname, join, relative, sep } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { projectRoot } from '../config';
import { payloadConverterPath } from '../connections/data-converter';
import { ConfigError, messageOf } from '../shared/errors';
import { indexPath } from './index-path';

const MODULE = /\.[cm]?[jt]s$/;

type WebpackHook = NonNullable<Parameters<typeof bundleWorkflowCode>[0]['webpackConfigHook']>;
type WebpackConfig = Parameters<WebpackHook>[0];

export interface AppBundle {
  readonly bundle: WorkflowBundleWithSourceMap;
  /** The user's files in it: what to watch for changes. */
  readonly files: readonly string[];
}

/** What a webpack plugin needs of webpack, which is a dependency of Temporal's worker and not ours. */
interface Compiler {
  readonly hooks: {
    readonly done: { tap(name: string, done: (stats: { compilation: Compilation }) => void): void };
  };
}

interface Compilation {
  readonly fileDependencies: Iterable<string>;
  readonly errors: readonly { message: string; module?: { resource?: string } | null }[];
}

/**
 * Bundles the app with our workflows into what runs in the sandbox.
 * @throws {ConfigError} code `bundle_failed`, with file, place and what to do
 */
export async function bundleApp(appPath: string): Promise<AppBundle> {
  let compilation: Compilation | undefined;
  const plugin = {
    apply: (compiler: Compiler) =>
      compiler.hooks.done.tap('nightshift', (stats) => {
        compilation = stats.compilation;
      }),
  };
  try {
    const bundle = await bundleWorkflowCode({
      workflowsPath: require.resolve('../workflows/entry'),
      payloadConverterPath,
      preloadModules: [indexPath, require.resolve('../workflows/run-workflow')],
      webpackConfigHook: (config) => withApp(config, appPath, plugin),
      // What it logs comes back to us as errors of the compilation.
      logger: new DefaultLogger('ERROR', () => {}),
    });
    return { bundle, files: usersFiles(compilation) };
  } catch (error) {
    throw bundleFailed(appPath, compilation, error);
  }
}

function withApp(config: WebpackConfig, appPath: string, plugin: object): WebpackConfig {
  return {
    ...config,
    resolve: {
      ...config.resolve,
      alias: {
        ...config.resolve?.alias,
        'nightshift-app$': appPath,
        nightshift$: indexPath, // one copy of this package, also for an app that lies inside its repository
      },
    },
    plugins: [...(config.plugins ?? []), plugin as never],
  };
}

/** Its list also names folders, this package's own files, and the sources that source maps point to. */
function usersFiles(compilation: Compilation | undefined): string[] {
  const root = projectRoot(dirname(indexPath));
  const ours = [join(root, 'src'), join(root, 'dist'), join(root, 'index.ts')];
  return [...(compilation?.fileDependencies ?? [])].filter(
    (file) =>
      MODULE.test(file) &&
      !file.split(sep).includes('node_modules') &&
      !ours.some((path) => file.startsWith(path)),
  );
}

function bundleFailed(
  appPath: string,
  compilation: Compilation | undefined,
  error: unknown,
): ConfigError {
  const first = compilation?.errors[0];
  const file = first?.module?.resource ?? appPath;
  const detail = first === undefined ? messageOf(error) : firstLines(first.message);
  return new ConfigError(
    'bundle_failed',
    `The app cannot be bundled: ${relative(process.cwd(), file)}: ${detail}`,
    {
      cause: error,
      details: { file },
      remedies: [
        'handlers run in a sandbox: network, files and Node modules belong into activities, see activities()',
      ],
    },
  );
}

/** Webpack's messages carry the loader's stack below. */
function firstLines(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(0, 8).join('\n');
}
