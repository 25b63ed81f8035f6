import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { parseEncryptionKeys } from './connections/encryption-keys';
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
  /**
   * Encrypts what Temporal stores of values and errors: `<id>:<32 bytes in base64>`, several with commas between; the
   * first encrypts, all of them read. Default `NIGHTSHIFT_ENCRYPTION_KEY`, else nothing is encrypted.
   */
  readonly encryptionKey?: string;
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
  /**
   * True: events and their steps become spans of OpenTelemetry, which needs packages of its own: see docs/metrics.md.
   * Default: `NIGHTSHIFT_OPENTELEMETRY`, else false.
   */
  readonly openTelemetry?: boolean;
}

export interface ResolvedConfig {
  readonly name: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly apiKey?: string;
    readonly tls?: TlsOptions | boolean;
    readonly metadata?: Record<string, string>;
    readonly encryptionKey?: string;
  };
  readonly mongodb: { readonly uri: string };
  /** True: spans are made. */
  readonly openTelemetry?: boolean;
  /** IP address and port. */
  readonly metrics?: string;
  readonly buildId?: string;
  readonly shutdownGraceMs: number;
  /** Stands in for every handler's own `retry.delay`. */
  readonly retryDelayMs?: number;
  /** True: Temporal keeps where each run waits, at a fifth more work an event. */
  readonly callStacks?: boolean;
}

const DEFAULT_TEMPORAL = 'localhost:7233';
const DEFAULT_MONGODB = 'mongodb://127.0.0.1:27017';

const text = z.string().min(1, 'is empty').optional();

const environment = z.object({
  NIGHTSHIFT_NAME: text,
  NIGHTSHIFT_RETRY_DELAY: text,
  NIGHTSHIFT_ENCRYPTION_KEY: text,
  NIGHTSHIFT_METRICS: text,
  NIGHTSHIFT_OPENTELEMETRY: z.stringbool({ error: 'must be true or false' }).optional(),
  NIGHTSHIFT_SHUTDOWN_GRACE: text,
  NIGHTSHIFT_BUILD_ID: text,
  NIGHTSHIFT_CALL_STACKS: z.stringbool({ error: 'must be true or false' }).optional(),
  MONGODB_URI: text.refine(
    (uri) => uri === undefined || /^mongodb(\+srv)?:\/\//.test(uri),
    'must start with mongodb:// or mongodb+srv://',
  ),
  TEMPORAL_ADDRESS: text,
  // Temporal's own reader takes what it does not know for false.
  TEMPORAL_TLS: z.enum(['true', 'false', '1', '0'], { error: 'must be true or false' }).optional(),
});

export interface ConfigSources {
  /** The environment; by default the process's, with `.env` of `cwd` below it. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the nearest package.json is looked for, and `.env`. Default: the process's working directory. */
  readonly cwd?: string;
}

/** What only worker processes need. */
export interface WorkerSettings {
  /** Stands in for every handler's own `retry.delay`. Default: `NIGHTSHIFT_RETRY_DELAY`, else the handler's own. */
  readonly retryDelay?: Duration;
  /**
   * Where Prometheus finds the metrics of this process, e.g. `127.0.0.1:9464`; false for nowhere. Default:
   * `NIGHTSHIFT_METRICS`, else nowhere.
   */
  readonly metrics?: string | false;
  /**
   * Names the code that is served: an event then stays on the build that began its handler, and events begin on the build
   * of `nightshift deploy`. Default: `NIGHTSHIFT_BUILD_ID`, else none, and events run on whatever code is served.
   */
  readonly buildId?: string;
  /**
   * How long activities may go on when the worker process is told to stop; then they are cancelled, and 5 s later left
   * alone. Default: `NIGHTSHIFT_SHUTDOWN_GRACE`, else 10 s.
   */
  readonly shutdownGrace?: Duration;
  /**
   * True: `temporal workflow stack`, and Temporal's page of an event, tell where a running event waits. Costs a fifth more
   * work an event. Default: `NIGHTSHIFT_CALL_STACKS`, else false.
   */
  readonly callStacks?: boolean;
}

/**
 * Options, else environment, else Temporal's own configuration file, else defaults.
 * @throws {ConfigError} code `config_invalid`, naming the variable
 */
export function resolveConfig(
  options: ConnectOptions & WorkerSettings,
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
      { remedies: ['set it, in the environment or in .env, or unset it'] },
    );
  }
  const { NIGHTSHIFT_NAME, NIGHTSHIFT_RETRY_DELAY, NIGHTSHIFT_ENCRYPTION_KEY, MONGODB_URI } =
    parsed.data;
  const shutdownGrace =
    options.shutdownGrace ?? (parsed.data.NIGHTSHIFT_SHUTDOWN_GRACE as Duration | undefined);
  const buildId = options.buildId ?? parsed.data.NIGHTSHIFT_BUILD_ID;
  const metrics = options.metrics ?? parsed.data.NIGHTSHIFT_METRICS ?? false;
  const openTelemetry = options.openTelemetry ?? parsed.data.NIGHTSHIFT_OPENTELEMETRY ?? false;
  const name = options.name ?? NIGHTSHIFT_NAME ?? nameOfProject(cwd);
  checkAppName(name);
  const retryDelay = options.retryDelay ?? (NIGHTSHIFT_RETRY_DELAY as Duration | undefined);
  const callStacks = options.callStacks ?? parsed.data.NIGHTSHIFT_CALL_STACKS;
  return {
    name,
    temporal: {
      ...resolveTemporal(options.temporal ?? {}, env),
      ...checkedKey(options.temporal?.encryptionKey ?? NIGHTSHIFT_ENCRYPTION_KEY),
    },
    mongodb: { uri: options.mongodb?.uri ?? MONGODB_URI ?? DEFAULT_MONGODB },
    shutdownGraceMs: durationMs(shutdownGrace ?? '10 seconds', 'NIGHTSHIFT_SHUTDOWN_GRACE'),
    ...(buildId === undefined ? {} : { buildId: checkedBuildId(buildId) }),
    ...(openTelemetry ? { openTelemetry } : {}),
    ...(metrics === false ? {} : { metrics: checkedMetrics(metrics) }),
    ...(retryDelay === undefined
      ? {}
      : { retryDelayMs: durationMs(retryDelay, 'NIGHTSHIFT_RETRY_DELAY') }),
    ...(callStacks === undefined ? {} : { callStacks }),
  };
}

/** The process's environment, with the `.env` file of `cwd` below it. */
export function environmentOf(cwd: string): NodeJS.ProcessEnv {
  const file = join(cwd, '.env');
  return existsSync(file)
    ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env }
    : process.env;
}

/** OpenTelemetry's packages read the environment of the process alone: what the `.env` file of `cwd` has for them goes there. */
export function exportOpenTelemetry(cwd: string): void {
  for (const [name, value] of Object.entries(environmentOf(cwd)))
    if (name.startsWith('OTEL_')) process.env[name] ??= value;
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

/** It stands in queries and on the command line. */
function checkedBuildId(buildId: string): string {
  if (/^[\w.-]{1,128}$/.test(buildId)) return buildId;
  throw new ConfigError(
    'config_invalid',
    `The build id (option "buildId" or NIGHTSHIFT_BUILD_ID) may have letters, digits, ".", "_" and "-", 128 at most; got "${buildId}"`,
  );
}

/** Temporal's runtime, which serves them, knows no names. */
function checkedMetrics(address: string): string {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  const ip = host === 'localhost' ? '127.0.0.1' : host;
  if (isIP(ip.replace(/^\[(.*)\]$/, '$1')) > 0 && Number(port) > 0 && Number(port) < 65_536)
    return `${ip}:${port}`;
  throw new ConfigError(
    'config_invalid',
    `The address of metrics (option "metrics" or NIGHTSHIFT_METRICS) must be <IP address>:<port>, got "${address}"`,
    { remedies: ['e.g. 127.0.0.1:9464, or 0.0.0.0:9464 for Prometheus on another machine'] },
  );
}

function checkedKey(encryptionKey: string | undefined): { encryptionKey?: string } {
  if (encryptionKey === undefined) return {};
  parseEncryptionKeys(encryptionKey);
  return { encryptionKey };
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
    const message = messageOf(error);
    // Its messages name paths and profiles, and not where they come from.
    const named = set.filter(
      ([name, value]) => /^TEMPORAL_/.test(name) && value !== '' && message.includes(value),
    );
    const names = named.map(([name]) => name).join(', ');
    throw new ConfigError('config_invalid', `Temporal's configuration cannot be read: ${message}`, {
      cause: error,
      remedies: [`check ${names || 'TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE and TEMPORAL_TLS_*'}`],
    });
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
