import type { Tokens } from '../../src/dashboard/access';
import { type ServedDashboard, serveDashboard } from '../../src/dashboard/serve-dashboard';
import type { TestApp } from './test-app';

/** The dashboard of a test app, on a free port; there from `beforeAll` to `afterAll`. */
export function useDashboard(app: TestApp, tokens: Tokens = {}): { readonly url: string } {
  let served: ServedDashboard | undefined;
  beforeAll(async () => {
    served = await serveDashboard({ client: app.client, tokens, port: 0 });
  });
  afterAll(() => served?.close());
  return {
    get url() {
      return served?.url ?? '';
    },
  };
}
