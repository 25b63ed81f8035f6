import { Hono } from 'hono';
import type { NightshiftClient } from '../../client';
import type { Duration } from '../shared/duration';
import { InvalidInputError, messageOf } from '../shared/errors';
import { type DashboardEnv, wantsPage } from './guard';
import { openapi } from './openapi';
import { plainJson } from './plain-json';
import { refused } from './problem';

const MAX_WAIT_S = 60;

/** How programs in other languages, and webhooks, come in: JSON over HTTP. */
export function httpEmit(client: NightshiftClient): Hono<DashboardEnv> {
  const app = new Hono<DashboardEnv>();

  app.post('/emit/:handler', async (context) => {
    const type = context.req.header('content-type') ?? 'application/json';
    // Of what a form of a foreign page can send, nothing is an event.
    if (!/^application\/([\w.+-]+\+)?json\b/i.test(type))
      return refused(context, 'json_expected', `An event is JSON, got ${type}`, [
        'send it with: Content-Type: application/json',
      ]);
    const event = parsed(await context.req.text());
    const id = context.req.header('idempotency-key');
    const delay = context.req.header('delay');
    const emitted = await client.emit(event, context.req.param('handler'), {
      json: true,
      ...(id === undefined ? {} : { id }),
      ...(delay === undefined ? {} : { delay: delayOf(delay) }),
    });
    const url = new URL(`/events/${encodeURIComponent(emitted.id)}`, context.req.url).href;
    context.header('location', url);
    return context.json({ id: emitted.id, url, repeated: emitted.repeated }, 202);
  });

  app.get('/events/:id', async (context, next) => {
    if (wantsPage(context) || context.req.header('accept')?.includes('vnd.nightshift') === true)
      return next();
    const event = client.events.get(context.req.param('id'));
    const wait = secondsOf(context.req.query('wait'));
    if (wait > 0) await ended(() => event.result(), wait * 1000, context.req.raw.signal);
    const { id, handler, status, emittedAt, endedAt, attempts, errors, nextTry } =
      await event.describe();
    return context.json({
      ...{ id, handler, status, emittedAt, attempts },
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(nextTry === undefined ? {} : { nextTry }),
      ...(status === 'done' ? { value: plainJson(await event.result()) } : {}),
      ...(errors.length === 0 ? {} : { error: { message: errors.at(-1)?.message } }),
    });
  });

  app.get('/openapi.json', (context) => context.json(openapi(new URL(context.req.url).origin)));
  return app;
}

/** @throws {InvalidInputError} code `event_invalid` */
function parsed(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError('event_invalid', `The body is no JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A number is seconds, as in other headers of HTTP; a text such as `5 minutes` is what it says. */
const delayOf = (text: string): Duration =>
  /^\d+(\.\d+)?$/.test(text.trim()) ? `${text.trim() as `${number}`}s` : (text as Duration);

function secondsOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= MAX_WAIT_S) return seconds;
  throw new InvalidInputError(
    'duration_invalid',
    `"wait" must be seconds from 0 to ${MAX_WAIT_S}, got "${text}"`,
  );
}

/** Resolves when the event has ended, however, or when the time is over or the asker gone. */
async function ended(
  result: () => Promise<unknown>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  let stop: (() => void) | undefined;
  const over = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const timer = setTimeout(() => stop?.(), ms);
  await Promise.race([result().then(nothing, nothing), over]);
  clearTimeout(timer);
}

const nothing = (): void => {};
