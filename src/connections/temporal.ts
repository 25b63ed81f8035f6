import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { ResolvedConfig } from '../config';
import { ConfigError, messageOf } from '../shared/errors';
import { dataConverterOf } from './data-converter';

type TemporalConfig = ResolvedConfig['temporal'];

const CONNECT_TIMEOUT_MS = 10_000;

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

/** @throws {ConfigError} code `temporal_unreachable` */
export async function connectTemporal(config: TemporalConfig): Promise<TemporalConnection> {
  try {
    const connection = await Connection.connect({
      ...connectionOptions(config),
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
    const client = new Client({
      connection,
      namespace: config.namespace,
      dataConverter: dataConverterOf(config.encryptionKey),
    });
    return { client, close: () => connection.close() };
  } catch (error) {
    throw temporalUnreachable(config.address, error);
  }
}

export function temporalUnreachable(address: string, cause: unknown): ConfigError {
  return new ConfigError(
    'temporal_unreachable',
    `Temporal does not answer at ${address}: ${messageOf(cause)}`,
    {
      cause,
      details: { address },
      remedies: [
        'start everything with: npx nightshift dev <app>',
        'or set TEMPORAL_ADDRESS to the address of a running server',
      ],
    },
  );
}
