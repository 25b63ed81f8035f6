import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ConfigError } from '../shared/errors';
import { createDashboard, type DashboardDeps } from './create-dashboard';

export interface ServeOptions extends Omit<DashboardDeps, 'isLocal'> {
  /** Default `127.0.0.1`. Any other than this machine's own demands a token. */
  readonly host?: string;
  /** Default 8234; 0 takes a free one. */
  readonly port?: number;
}

export interface ServedDashboard {
  readonly url: string;
  close(): Promise<void>;
}

export const DASHBOARD_PORT = 8234;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/**
 * Listens for browsers and programs.
 * @throws {ConfigError} code `token_needed` for an address that others can reach, without a token; `port_in_use`
 */
export async function serveDashboard({
  host = '127.0.0.1',
  port = DASHBOARD_PORT,
  ...deps
}: ServeOptions): Promise<ServedDashboard> {
  const isLocal = LOOPBACK.includes(host);
  if (!isLocal && deps.tokens?.token === undefined)
    throw new ConfigError(
      'token_needed',
      `On ${host} others can reach the dashboard, so it needs a token`,
      { remedies: ['set NIGHTSHIFT_TOKEN to a long random text', 'or leave out the host'] },
    );
  const dashboard = createDashboard({ ...deps, isLocal });
  const server = createAdaptorServer({ fetch: dashboard.app.fetch });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await dashboard.close();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? inUse(port, error) : error;
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      if ('closeAllConnections' in server) server.closeAllConnections(); // live pages never end by themselves
      await closed;
      await dashboard.close();
    },
  };
}

function inUse(port: number, cause: unknown): ConfigError {
  return new ConfigError('port_in_use', `Port ${port} is in use, so the dashboard cannot have it`, {
    cause,
    remedies: ['choose another: --dashboard-port <port>', 'or end what uses it'],
  });
}
