import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { type Duration, durationMs } from './shared/duration';
import { ConfigError, messageOf } from './shared/errors';
import { checkAppName } from './shared/names';

/** TLS for Temporal: contents, not paths. */
export interface TlsOptions {
  readonly serverNameOverride?: string;
  readonly serverRootCACertificate?: Buffer;
  readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
}

/** Where Temporal is, and who asks. */
export interface TemporalOptions {
  /** `host:port`. Default `localhost:7233`. */
  readonly address?: string;
  /** Default `default`. */
  readonly namespace?: string;
  readonly apiKey?: string;
  readonly tls?: TlsOptions | boolean;
}

/** Where MongoDB is. */
export interface MongodbOptions {
  /** Default `mongodb://127.0.0.1:27017`. The app's name is the database. */
  readonly uri?: string;
}

/** Where an app lives. What is left out comes from the environment (also `.env`), else from defaults. */
export interface ConnectOptions {
  /** The app's name: task queue and database. Default `NIGHTSHIFT_NAME`, else the name in the nearest package.json. */
  readonly name?: string;
  readonly temporal?: TemporalOptions;
  readonly mongodb?: MongodbOptions;
}

export interface ResolvedConfig {
  readonly name: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly apiKey?: string;
    readonly tls?: TlsOptions | boolean;
    readonly metadata?: Record<string, string>;
  };
  readonly mongodb: { readonly uri: string };
  /** Stands in for every handler's own `retry.delay`. */
  readonly retryDelayMs?: number;
}

const DEFAULT_TEMPORAL = 'localhost:7233';
const DEFAULT_MONGODB = 'mongodb://127.0.0.1:27017';

const environment = z.object({
  NIGHTSHIFT_NAME: z.string().min(1).optional(),
  NIGHTSHIFT_RETRY_DELAY: z.string().min(1).optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
});

export interface ConfigSources {
  /** The environment; by default the process's, with `.env` of `cwd` below it. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the nearest package.json is looked for, and `.env`. Default: the process's working directory. */
  readonly cwd?: string;
}

/**
 * Options, else environment, else Temporal's own configuration file, else defaults.
 * @throws {ConfigError} code `config_invalid`, naming the variable
 */
export function resolveConfig(
  options: ConnectOptions & { readonly retryDelay?: Duration },
  sources: ConfigSources = {},
): ResolvedConfig {
  const cwd = sources.cwd ?? process.cwd();
  const env = sources.env ?? environmentOf(cwd);
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(
      'config_invalid',
      `Environment variable ${String(issue?.path[0])} ${issue?.message ?? 'is invalid'}`,
    );
  }
  const { NIGHTSHIFT_NAME, NIGHTSHIFT_RETRY_DELAY, MONGODB_URI } = parsed.data;
  const name = options.name ?? NIGHTSHIFT_NAME ?? nameOfProject(cwd);
  checkAppName(name);
  const retryDelay = options.retryDelay ?? (NIGHTSHIFT_RETRY_DELAY as Duration | undefined);
  return {
    name,
    temporal: resolveTemporal(options.temporal ?? {}, env),
    mongodb: { uri: options.mongodb?.uri ?? MONGODB_URI ?? DEFAULT_MONGODB },
    ...(retryDelay === undefined
      ? {}
      : { retryDelayMs: durationMs(retryDelay, 'NIGHTSHIFT_RETRY_DELAY') }),
  };
}

/** The process's environment, with the `.env` file of `cwd` below it. */
export function environmentOf(cwd: string): NodeJS.ProcessEnv {
  const file = join(cwd, '.env');
  return existsSync(file)
    ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env }
    : process.env;
}

function resolveTemporal(
  options: TemporalOptions,
  env: NodeJS.ProcessEnv,
): ResolvedConfig['temporal'] {
  const { connectionOptions, namespace } = temporalProfile(env);
  const apiKey = options.apiKey ?? stringOrUndefined(connectionOptions.apiKey);
  const tls =
    options.tls ?? (connectionOptions.tls as TlsOptions | boolean | null | undefined) ?? undefined;
  return {
    address: options.address ?? connectionOptions.address ?? DEFAULT_TEMPORAL,
    namespace: options.namespace ?? namespace ?? 'default',
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(connectionOptions.metadata === undefined
      ? {}
      : { metadata: connectionOptions.metadata as Record<string, string> }),
  };
}

const stringOrUndefined = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

function temporalProfile(env: NodeJS.ProcessEnv): ReturnType<typeof loadClientConnectConfig> {
  const set = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(set) });
  } catch (error) {
    throw new ConfigError(
      'config_invalid',
      `Temporal's configuration cannot be read: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** The folder of the nearest package.json at or above `from`; `from` itself if there is none. */
export function projectRoot(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return resolve(from);
  }
}

function nameOfProject(cwd: string): string {
  const root = projectRoot(cwd);
  const name = nameInPackage(join(root, 'package.json')) ?? basename(root);
  // '@scope/shop' is the app shop; anything that cannot be a name is refused by checkAppName, with what to do
  return name.replace(/^@[^/]*\//, '');
}

function nameInPackage(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
