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

/** @throws {ConfigError} code `port_in_use` */
export async function listen({ app, host, port, what, option }: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
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
