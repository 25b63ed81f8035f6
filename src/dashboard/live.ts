import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { DashboardEnv } from './guard';
import { FRAGMENTS } from './show-page';

const EVERY_MS = 1000;

interface Sections {
  readonly sections: Readonly<Record<string, string>>;
  readonly still: boolean;
}

/** Sends the sections of a page that have changed, at most once a second, until the browser leaves. */
export function liveStream(app: Hono<DashboardEnv>, context: Context<DashboardEnv>): Response {
  const page = context.req.query('page') ?? '/';
  const url = new URL(page, context.req.url);
  if (url.host !== new URL(context.req.url).host) return context.notFound() as Response;
  const headers = new Headers({ accept: FRAGMENTS });
  for (const name of ['host', 'cookie', 'authorization']) {
    const value = context.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  return streamSSE(context, async (stream) => {
    let sent: Readonly<Record<string, string>> = {};
    while (!stream.aborted && !stream.closed) {
      const response = await app.request(url, { headers });
      if (response.ok) {
        const { sections, still } = (await response.json()) as Sections;
        const changed = Object.entries(sections).filter(
          ([id, html]) => withoutAges(sent[id] ?? '') !== withoutAges(html),
        );
        // The first time all: the page was made some time before
        if (changed.length > 0)
          await stream.writeSSE({
            event: 'sections',
            data: JSON.stringify(Object.fromEntries(changed)),
          });
        else await stream.writeSSE({ event: 'same', data: '' });
        sent = sections;
        if (still) return stream.writeSSE({ event: 'still', data: '' });
      } else await stream.writeSSE({ event: 'failed', data: String(response.status) });
      await stream.sleep(EVERY_MS);
    }
  });
}

/** The time goes on in the browser. */
const withoutAges = (html: string): string => html.replace(/( data-ago="[^"]*">)[^<]*/g, '$1');
