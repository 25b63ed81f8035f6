import type { Context } from 'hono';
import type { Access } from './access';
import type { DashboardEnv } from './guard';
import { document } from './document';
import type { Page, PageDeps, Refused } from './page';
import { Layout, Nav } from './parts/layout';

/** What a live page asks for: only the sections, by their ids. */
export const FRAGMENTS = 'application/vnd.nightshift.sections+json';

/** Answers with the whole page, or with its sections alone. */
export async function showPage(
  page: Page,
  context: Context<DashboardEnv>,
  deps: PageDeps,
  access: Access,
  refused?: Refused,
): Promise<Response> {
  const role = context.get('role');
  const view = await page.show({
    ...deps,
    role,
    param: (name) => context.req.param(name) ?? '',
    query: (name) => context.req.query(name),
    ...(refused === undefined ? {} : { refused }),
  });
  // The side list goes on where the servers do not
  const sample = await deps.sampler.read().catch(() => undefined);
  if (context.req.header('accept') === FRAGMENTS) {
    const sections = view.sections.map(({ id, content }) => [id, htmlOf(<>{content}</>)] as const);
    const nav = ['nav', htmlOf(<Nav current={view.nav} sample={sample} />)] as const;
    const html = await Promise.all([...sections, nav].map(async ([id, text]) => [id, await text]));
    return context.json({
      sections: Object.fromEntries(html) as object,
      still: view.still === true,
    });
  }
  const url = new URL(context.req.url);
  return context.html(
    document(
      <Layout
        app={deps.client.name}
        view={view}
        sample={sample}
        url={url}
        canLeave={access.needsToken}
      />,
    ),
    refused === undefined ? 200 : 422,
  );
}

const htmlOf = async (element: unknown): Promise<string> => String(await element);
