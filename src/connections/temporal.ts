import {
  Client,
  Connection,
  type ConnectionOptions,
  isGrpcServiceError,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import type { ResolvedConfig } from '../config';
import { ConfigError, messageOf } from '../shared/errors';
import { dataConverterOf } from './data-converter';
import { partsOf, tlsProblem } from './tls-problem';
import { waysToStart, whyUnreachable } from './why-unreachable';

type TemporalConfig = ResolvedConfig['temporal'];

// gRPC's
const NOT_FOUND = 5;
const UNAVAILABLE = 14;

const CONNECT_TIMEOUT_MS = 10_000;
/** gRPC tries on for all of that time also where TLS will never do. */
const LOOK_AFTER_MS = 1_000;
/** A server sends a history in pages of whole tasks, each of which may have some megabytes; gRPC's own limit is 4 MB. */
const MAX_RECEIVED_BYTES = 64 * 2 ** 20;

export function connectionOptions({
  address,
  apiKey,
  tls,
  metadata,
}: TemporalConfig): ConnectionOptions {
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls: tls }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

export interface TemporalConnection {
  readonly client: Client;
  close(): Promise<void>;
}

/** @throws {ConfigError} code `temporal_unreachable`, or `config_invalid` for a namespace that is not there */
export async function connectTemporal(
  config: TemporalConfig,
  interceptors: readonly WorkflowClientInterceptor[] = [],
): Promise<TemporalConnection> {
  const connection = opened(config);
  const connecting = connection.ensureConnected();
  connecting.catch(() => {}); // may be what is not waited for any longer
  const hopeless = lookForProblem(config);
  try {
    await Promise.race([connecting, hopeless.found]);
    await checkNamespace(connection, config);
    const client = new Client({
      connection,
      namespace: config.namespace,
      dataConverter: dataConverterOf(config.encryptionKey),
      interceptors: { workflow: [...interceptors] },
    });
    return { client, close: () => connection.close() };
  } catch (error) {
    await connection.close(); // else it tries for ever
    throw await temporalUnreachable(config, error);
  } finally {
    hopeless.stop();
  }
}

/** Else the first call says it, in words of gRPC. Whether it may be looked at does not matter here. */
async function checkNamespace(
  { workflowService }: Connection,
  { address, namespace }: TemporalConfig,
): Promise<void> {
  try {
    await workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (!isGrpcServiceError(error) || Number(error.code) !== NOT_FOUND) return;
    throw new ConfigError(
      'config_invalid',
      `Temporal at ${address} has no namespace "${namespace}"`,
      {
        cause: error,
        details: { address, namespace },
        remedies: [
          'set TEMPORAL_NAMESPACE to one that it has',
          `or make it: temporal operator namespace create --namespace ${namespace}`,
        ],
      },
    );
  }
}

/** `found` rejects if TLS is what keeps us from connecting, and else never settles. */
function lookForProblem(config: TemporalConfig): { found: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const found = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      void tlsFailure(config, undefined).then((failure) => {
        if (failure !== undefined) reject(failure);
      });
    }, LOOK_AFTER_MS);
  });
  return { found, stop: () => clearTimeout(timer) };
}

async function tlsFailure(
  { address, tls, apiKey }: TemporalConfig,
  cause: unknown,
): Promise<ConfigError | undefined> {
  const problem = await tlsProblem(address, tls ?? (apiKey === undefined ? undefined : true));
  if (problem === undefined) return undefined;
  return unreachable(
    `Temporal at ${address} cannot be connected to: ${problem.what}`,
    problem.remedies,
    { address, cause },
  );
}

function opened(config: TemporalConfig): Connection {
  try {
    return Connection.lazy({
      ...connectionOptions(config),
      channelArgs: { 'grpc.max_receive_message_length': MAX_RECEIVED_BYTES },
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
  } catch (error) {
    throw new ConfigError(
      'config_invalid',
      `The configuration of Temporal cannot be used: ${messageOf(error)}`,
      {
        cause: error,
        remedies: ['check TEMPORAL_ADDRESS, TEMPORAL_TLS_*, TEMPORAL_API_KEY and the options'],
      },
    );
  }
}

/** gRPC's PERMISSION_DENIED and UNAUTHENTICATED. */
const REFUSED: readonly number[] = [7, 16];

export async function temporalUnreachable(
  config: TemporalConfig,
  cause: unknown,
): Promise<ConfigError> {
  if (cause instanceof ConfigError) return cause;
  const { address, apiKey } = config;
  const refused = refusalIn(cause);
  if (refused !== undefined)
    return unreachable(
      `Temporal at ${address} refuses us: ${refused}`,
      [apiKey === undefined ? 'set TEMPORAL_API_KEY' : 'check TEMPORAL_API_KEY, and the namespace'],
      { address, cause },
    );
  const failure = await tlsFailure(config, cause);
  if (failure !== undefined) return failure;
  // gRPC says no more than that its time was over.
  const { host, port } = partsOf(address);
  const why = (await whyUnreachable(host, port)) ?? 'what listens there does not speak gRPC';
  return unreachable(
    `Temporal does not answer at ${address}: ${why}`,
    waysToStart('TEMPORAL_ADDRESS'),
    { address, cause },
  );
}

/** The error in our words if a call failed because Temporal is away, or refuses us; else undefined. */
export async function temporalAway(
  config: TemporalConfig,
  cause: unknown,
): Promise<ConfigError | undefined> {
  if (refusalIn(cause) !== undefined) return temporalUnreachable(config, cause);
  const details = detailsIn(cause, [UNAVAILABLE]);
  if (details === undefined) return undefined;
  const { address } = config;
  const { host, port } = partsOf(address);
  const why = await whyUnreachable(host, port);
  return unreachable(
    `Temporal does not answer at ${address}: ${why ?? details}`,
    why === undefined ? ['try again: it can be reached'] : waysToStart('TEMPORAL_ADDRESS'),
    { address, cause },
  );
}

/** The server's words, if it answered that we may not. */
const refusalIn = (cause: unknown): string | undefined => detailsIn(cause, REFUSED);

/** What gRPC says, if the error or one of its causes has one of the codes. */
function detailsIn(cause: unknown, codes: readonly number[]): string | undefined {
  for (let e: unknown = cause; e instanceof Error; e = e.cause)
    if (isGrpcServiceError(e) && codes.includes(Number(e.code))) return e.details;
  return undefined;
}

const unreachable = (
  message: string,
  remedies: readonly string[],
  { address, cause }: { readonly address: string; readonly cause: unknown },
): ConfigError =>
  new ConfigError('temporal_unreachable', message, { cause, details: { address }, remedies });
