import { relative } from 'node:path';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { payloadConverterPath } from '../connections/data-converter';
import { type CompiledModule, compileModule } from '../query/compile-module';
import { type LinkedEmit, type LinkedUse, linkModules } from '../query/link-modules';
import { QueryError } from '../query/query-error';
import { ConfigError, messageOf } from '../shared/errors';
import { type BundleCache, bundleCache, type BundleInputs } from './bundle-cache';
import { type ImportSize, importSizes } from './import-sizes';
import { indexPath } from './index-path';
import { type CachingCompiler, keptModules } from './kept-modules';
import { isUsersFile } from './users-file';

type WebpackHook = NonNullable<Parameters<typeof bundleWorkflowCode>[0]['webpackConfigHook']>;
type WebpackConfig = Parameters<WebpackHook>[0];

export interface AppBundle {
  readonly bundle: WorkflowBundleWithSourceMap;
  /** The user's files in it: what to watch for changes. */
  readonly files: readonly string[];
  /** The calls of `DB` in it. */
  readonly uses: readonly LinkedUse[];
  /** The calls of `emit` and `emitMany` in it. */
  readonly emits: readonly LinkedEmit[];
  /** The packages that the app itself brought into it. */
  readonly imports: readonly ImportSize[];
}

export interface BundleOptions {
  /** More modules that Temporal lets listen to each run. */
  readonly interceptors?: readonly string[];
  /** True: Temporal keeps where each run waits, for its query `__stack_trace`. Default false. */
  readonly callStacks?: boolean;
  /** The module that turns errors into failures, instead of Temporal's own. */
  readonly failureConverterPath?: string;
  /** Told of each query that cannot be compiled; the bundle is good for nothing then. Default: the first one is thrown. */
  readonly refused?: (error: QueryError) => void;
}

/** What is loaded once for all runs, in this order. */
const preloaded = ({ callStacks = false }: BundleOptions): string[] => [
  require.resolve('../workflows/few-globals'),
  ...(callStacks ? [] : [require.resolve('../workflows/without-call-stacks')]),
  indexPath,
  require.resolve('../workflows/run-workflow'),
];

/** What a webpack plugin needs of webpack, which is a dependency of Temporal's worker and not ours. */
interface Compiler extends CachingCompiler {
  readonly hooks: {
    readonly done: { tap(name: string, done: (stats: { compilation: Compilation }) => void): void };
  };
}

interface Compilation {
  readonly fileDependencies: Iterable<string>;
  readonly missingDependencies: Iterable<string>;
  readonly errors: readonly CompilationError[];
  readonly modules: Iterable<Module>;
  readonly moduleGraph: { getOutgoingConnections(module: Module): Iterable<Connection> };
}

interface CompilationError {
  readonly message: string;
  readonly module?: Module | null;
  /** What a loader threw. */
  readonly error?: unknown;
}

interface Module {
  readonly resource?: string;
  size(): number;
}

interface Connection {
  readonly module: Module | null;
  readonly dependency: { readonly request?: string };
}

type Modules = Map<string, CompiledModule>;

/**
 * Bundles the app with our workflows into what runs in the sandbox, its queries compiled; or takes the bundle of the
 * last time, if no file of it has changed since.
 * @throws {ConfigError} code `bundle_failed`, with file, place and what to do
 * @throws {QueryError} code `query_invalid`
 */
export async function bundleApp(appPath: string, options: BundleOptions = {}): Promise<AppBundle> {
  if (options.refused !== undefined) return (await bundleAnew(appPath, options)).appBundle;
  const cache = cacheOf(appPath, options);
  const kept = cache?.read();
  if (kept !== undefined) return kept;
  const { appBundle, inputs } = await bundleAnew(appPath, options);
  cache?.write(appBundle, inputs);
  return appBundle;
}

/** The bundle of the last time, if no file of the app has changed since. */
export const keptBundle = (appPath: string, options: BundleOptions = {}): AppBundle | undefined =>
  cacheOf(appPath, options)?.read();

/** Tells bundles of an app apart. */
function configurationOf(options: BundleOptions): string[] {
  const { interceptors = [], failureConverterPath = '' } = options;
  return [...preloaded(options), failureConverterPath, ...interceptors];
}

const cacheOf = (appPath: string, options: BundleOptions): BundleCache<AppBundle> | undefined =>
  bundleCache(appPath, configurationOf(options));

interface Bundled {
  readonly appBundle: AppBundle;
  readonly inputs: BundleInputs;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: they share the modules that are kept. */
function bundleAnew(appPath: string, options: BundleOptions): Promise<Bundled> {
  const bundled = last.then(() => bundleNow(appPath, options));
  last = bundled.catch(() => {});
  return bundled;
}

async function bundleNow(appPath: string, options: BundleOptions): Promise<Bundled> {
  const { interceptors = [], failureConverterPath, refused } = options;
  const modules: Modules = new Map();
  let compilation: Compilation | undefined;
  const seen = {
    apply: (compiler: Compiler) =>
      compiler.hooks.done.tap('nightshift', (stats) => {
        compilation = stats.compilation;
      }),
  };
  const plugins = [seen, keptModules(JSON.stringify([appPath, configurationOf(options)]))];
  try {
    const bundle = await bundleWorkflowCode({
      workflowsPath: require.resolve('../workflows/entry'),
      payloadConverterPath,
      ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
      workflowInterceptorModules: [
        require.resolve('../workflows/recorder'),
        require.resolve('../workflows/floating-rejections'),
        ...interceptors,
      ],
      preloadModules: preloaded(options),
      webpackConfigHook: (config) => withApp(config, { appPath, plugins, modules, refused }),
      // What it logs comes back to us as errors of the compilation.
      logger: new DefaultLogger('ERROR', () => {}),
    });
    return {
      appBundle: {
        bundle,
        files: usersFiles(compilation),
        ...linkModules(modules, resolverOf(compilation)),
        imports: compilation === undefined ? [] : importSizes(compilation),
      },
      inputs: {
        files: compilation?.fileDependencies ?? [],
        missing: compilation?.missingDependencies ?? [],
      },
    };
  } catch (error) {
    throw bundleFailed(appPath, compilation, error);
  }
}

interface BundledApp {
  readonly appPath: string;
  readonly plugins: readonly object[];
  /** Filled as webpack comes to each of the app's modules. */
  readonly modules: Modules;
  readonly refused: BundleOptions['refused'];
}

function withApp(
  config: WebpackConfig,
  { appPath, plugins, modules, refused }: BundledApp,
): WebpackConfig {
  const compile = (source: string, file: string): string => {
    const module = compileModule(
      source,
      relative(process.cwd(), file),
      refused === undefined ? {} : { refused },
    );
    modules.set(file, module);
    return module.code;
  };
  const queries = {
    test: isUsersFile,
    enforce: 'pre' as const, // it reads what the user wrote
    use: { loader: require.resolve('../query/loader.cjs'), options: { compile } },
  };
  // The rule that reads source maps: those of packages tell a user nothing, and are a third of the work.
  const rules = (config.module?.rules ?? []).map((rule) =>
    typeof rule === 'object' && rule?.enforce === 'pre' ? { ...rule, include: isUsersFile } : rule,
  );
  return {
    ...config,
    module: { ...config.module, rules: [...rules, queries] },
    snapshot: { managedPaths: [], immutablePaths: [] }, // packages may change under a process, too
    resolve: {
      ...config.resolve,
      alias: {
        ...config.resolve?.alias,
        'nightshift-app$': appPath,
        nightshift$: indexPath, // one copy of this package, also for an app that lies inside its repository
      },
    },
    plugins: [...(config.plugins ?? []), ...(plugins as never[])],
  };
}

/** Webpack's list also names folders, this package's own files, and the sources that source maps point to. */
const usersFiles = (compilation: Compilation | undefined): string[] =>
  [...(compilation?.fileDependencies ?? [])].filter(isUsersFile);

/** What webpack took each import for. */
function resolverOf(
  compilation: Compilation | undefined,
): (file: string, request: string) => string | undefined {
  const imports = new Map<string, ReadonlyMap<string | undefined, string | undefined>>();
  for (const module of compilation?.modules ?? []) {
    const { resource } = module;
    if (resource === undefined || !isUsersFile(resource)) continue;
    const connections = [...(compilation?.moduleGraph.getOutgoingConnections(module) ?? [])];
    const found = connections.map(
      (connection) => [connection.dependency.request, connection.module?.resource] as const,
    );
    imports.set(resource, new Map(found));
  }
  return (file, request) => imports.get(file)?.get(request);
}

function bundleFailed(
  appPath: string,
  compilation: Compilation | undefined,
  error: unknown,
): ConfigError | QueryError {
  const first = compilation?.errors[0];
  if (first?.error instanceof QueryError) return first.error;
  const name = refusedImport(first?.message ?? messageOf(error));
  if (compilation !== undefined && name !== undefined) {
    const { importer = appPath, request = name } = importOf(compilation, name) ?? {};
    return importRefused(importer, request, error);
  }
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

/** The module of Node's that Temporal, which leaves out `node:`, or webpack will not have in the sandbox. */
const refusedImport = (message: string): string | undefined =>
  (/disallowed modules:\s+- '([^']+)'/.exec(message) ??
    /Reading from "node:([^"]+)"/.exec(message))?.[1];

/** Who imports it, and how it is written there. */
function importOf(
  { modules, moduleGraph }: Compilation,
  name: string,
): { importer: string | undefined; request: string } | undefined {
  for (const module of modules)
    for (const { dependency } of moduleGraph.getOutgoingConnections(module))
      if (dependency.request?.replace(/^node:/, '') === name)
        return { importer: module.resource, request: dependency.request };
  return undefined;
}

function importRefused(importer: string, request: string, cause: unknown): ConfigError {
  const file = relative(process.cwd(), importer);
  return new ConfigError(
    'bundle_failed',
    `The app cannot be bundled: ${file} imports "${request}", and handlers run in a sandbox without Node's modules`,
    {
      cause,
      details: { file: importer, request },
      remedies: [
        'move what needs it into the file activities.ts beside the app, and call it with activities()',
        "import only types from there: import type * as mine from './activities'",
      ],
    },
  );
}

/** What webpack's messages say of webpack: the loader's stack, the loaders, that there might be others. */
const OF_WEBPACK =
  /^\s+at |^File was |^ \* |^You may need an additional loader|^Module build failed \(from /;

function firstLines(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '' && !OF_WEBPACK.test(line));
  return lines
    .slice(0, 8)
    .join('\n')
    .replace(/^(Module not found: )?Error: /, '');
}
