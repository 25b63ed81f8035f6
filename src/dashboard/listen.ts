import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ConfigError } from '../shared/errors';
import type { Tokens } from './access';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Whether only this machine can reach the address. */
export const isLoopback = (host: string): boolean => LOOPBACK.includes(host);

export interface ListenOptions {
  readonly app: { readonly fetch: (request: Request) => Response | Promise<Response> };
  readonly host: string;
  readonly port: number;
  /** Named in errors: `the dashboard`. */
  readonly what: string;
  /** Named in errors: `--port`. */
  readonly option: string;
}

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws {ConfigError} code `token_needed` for an address that others can reach, without a token */
export function checkTokens(host: string, tokens: Tokens | undefined, what: string): void {
  if (isLoopback(host) || tokens?.token !== undefined) return;
  throw new ConfigError(
    'token_needed',
    `On ${host} others can reach ${what}, so it needs a token`,
    { remedies: ['set NIGHTSHIFT_TOKEN to a long random text', 'or leave out the host'] },
  );
}

/** Why the system gives no address, and what helps. */
const REFUSALS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'no network of this machine has that address: give 127.0.0.1, or 0.0.0.0 for all',
  ENOTFOUND: 'no host of that name is known: give 127.0.0.1, or 0.0.0.0 for all',
  EACCES: 'ports below 1024 may be for administrators alone: choose a higher one',
};

/** @throws {ConfigError} code `port_in_use`, or `config_invalid` for an address that cannot be had */
export async function listen({ app, host, port, what, option }: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const remedy = REFUSALS[code];
    if (remedy !== undefined)
      throw new ConfigError(
        'config_invalid',
        `${host}:${port} cannot be had for ${what} (${code})`,
        {
          cause: error,
          remedies: [remedy],
        },
      );
    if (code !== 'EADDRINUSE') throw error;
    throw new ConfigError('port_in_use', `Port ${port} is in use, so ${what} cannot have it`, {
      cause: error,
      remedies: [`choose another: ${option} <port>`, 'or end what uses it'],
    });
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections(); // live pages never end by themselves
      await closed;
    },
  };
}
