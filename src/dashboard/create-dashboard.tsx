import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import type { NightshiftClient } from '../../client';
import { createAccess, type Tokens } from './access';
import { type Action, addActions } from './action';
import { assets } from './assets';
import { document } from './document';
import { admitted, type DashboardEnv, headers, localNames, ownOrigin, wantsPage } from './guard';
import { httpEmit } from './http-emit';
import { liveStream } from './live';
import { createMemo } from './memo';
import { login } from './login';
import { cronActions, crons } from './pages/cron-list';
import { datastores } from './pages/datastores';
import { dryRunPage, saveTraceAction } from './pages/dry-run';
import { event } from './pages/event';
import { eventActions } from './pages/event-actions';
import { events } from './pages/event-list';
import { Failed } from './pages/failed';
import { handler } from './pages/handler';
import { handlerActions } from './pages/handler-actions';
import { missing, missingActions } from './pages/missing';
import { operation, operationActions } from './pages/operation';
import { overview } from './pages/overview';
import { record, recordActions } from './pages/record';
import { records } from './pages/records';
import { status } from './pages/status';
import type { Page, PageDeps } from './page';
import type { Project } from './project';
import { problem, problemOf, refused } from './problem';
import { showPage } from './show-page';
import { createSampler } from './sampler';

export interface DashboardDeps {
  readonly client: NightshiftClient;
  readonly tokens?: Tokens;
  /** True if only this machine can reach it. Default true. */
  readonly isLocal?: boolean;
  readonly now?: () => number;
  /** Adds what needs the app's source: dry runs, and traces saved as tests. */
  readonly project?: Project;
}

export interface Dashboard {
  readonly app: Hono<DashboardEnv>;
  readonly close: () => Promise<void>;
}

const PAGES: readonly Page[] = [
  ...[overview, handler, events, event, dryRunPage, missing, operation],
  ...[crons, datastores, records, record, status],
];
const ACTIONS: readonly Action[] = [
  ...[...handlerActions, ...eventActions, saveTraceAction, ...missingActions, ...operationActions],
  ...[...cronActions, ...recordActions],
];
/** An event may have 2 MB; its JSON in a form somewhat more. */
const MAX_BODY = 3 * 2 ** 20;

/** The pages and the HTTP interface of an app, on its public client alone. Who listens, and where, is another's matter. */
export function createDashboard({
  client,
  tokens = {},
  isLocal = true,
  now = Date.now,
  project,
}: DashboardDeps): Dashboard {
  const access = createAccess(tokens);
  const sampler = createSampler(client, now);
  const deps: PageDeps = {
    ...{ client, sampler, now, memo: createMemo(now) },
    ...(project === undefined ? {} : { project }),
  };
  const app = new Hono<DashboardEnv>();

  app.get('*', compress());
  app.use(headers(), localNames(isLocal), ownOrigin(), admitted(access));
  app.use(
    bodyLimit({
      maxSize: MAX_BODY,
      onError: (context) =>
        refused(context, 'body_too_large', `A body may have ${MAX_BODY / 2 ** 20} MB`),
    }),
  );
  app.get('/assets/:name', (context) => {
    const asset = assets.get(context.req.param('name'));
    if (asset === undefined) return context.notFound();
    return context.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });
  app.route('/', login(access));
  app.route('/', httpEmit(client));
  for (const page of PAGES) app.get(page.path, (context) => showPage(page, context, deps, access));
  addActions(app, ACTIONS, deps, access);
  app.get('/live', (context) => liveStream(app, context));

  app.notFound((context) => {
    if (!wantsPage(context)) return refused(context, 'not_found', 'There is no such page');
    return context.html(
      document(<Failed title="There is no such page" message={context.req.path} />),
      404,
    );
  });
  app.onError((error, context) => {
    const { status, code, message, remedies } = problemOf(error);
    if (!wantsPage(context)) return problem(context, status, code, message, remedies);
    return context.html(
      document(<Failed title={message} message={`code ${code}`} remedies={remedies} />),
      status,
    );
  });
  return { app, close: () => sampler.close() };
}
