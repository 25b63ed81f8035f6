import { createDashboard, type DashboardDeps } from './create-dashboard';
import { checkTokens, isLoopback, listen, type Listening } from './listen';

export interface ServeOptions extends Omit<DashboardDeps, 'isLocal'> {
  /** Default `127.0.0.1`. Any other than this machine's own demands a token. */
  readonly host?: string;
  /** Default 8234; 0 takes a free one. */
  readonly port?: number;
  /** The option of the command line that chooses another port. Default `--dashboard-port`. */
  readonly portOption?: string;
}

export type ServedDashboard = Listening;

export const DASHBOARD_PORT = 8234;

/**
 * Listens for browsers and programs.
 * @throws {ConfigError} code `token_needed` for an address that others can reach, without a token; `port_in_use`
 */
export async function serveDashboard({
  host = '127.0.0.1',
  port = DASHBOARD_PORT,
  portOption = '--dashboard-port',
  ...deps
}: ServeOptions): Promise<ServedDashboard> {
  const what = 'the dashboard';
  checkTokens(host, deps.tokens, what);
  const dashboard = createDashboard({ ...deps, isLocal: isLoopback(host) });
  try {
    const { app } = dashboard;
    const listening = await listen({ app, host, port, what, option: portOption });
    return {
      url: listening.url,
      async close() {
        await listening.close();
        await dashboard.close();
      },
    };
  } catch (error) {
    await dashboard.close();
    throw error;
  }
}
