import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { connect } from '../../../client';
import { createDashboard } from '../../../src/dashboard/create-dashboard';
import type { Edge } from '../edge';
import { odd, texts } from '../texts';

const PATHS = [
  ...['/', '/events', '/events/:', '/events/:/again', '/events/:/cancel', '/events/:/dry-run'],
  ...[
    '/events/:/redrive',
    '/events/:/save',
    '/handlers/:',
    '/handlers/:/redrive',
    '/handlers/:/run',
  ],
  ...['/handlers/:/pause', '/handlers/:/resume', '/handlers/:/block', '/handlers/:/unblock'],
  ...['/missing', '/missing/:/forget', '/missing/:/redrive', '/operations/:/:', '/crons', '/data'],
  ...['/crons/:/pause', '/crons/:/run', '/data/:', '/data/:/:', '/status', '/login', '/assets/:'],
  ...['/emit/:', '/emit/:', '/emit/:', '/openapi.json', '/:/:', '/operations/redrive/:'],
];
const FIELDS = ['after', 'status', 'wait', 'q', 'page', 'since', 'rate', 'reason', 'event', 'id'];
const HEADERS = [
  ...['accept', 'content-type', 'idempotency-key', 'delay', 'cookie', 'authorization', 'origin'],
  ...['if-none-match', 'accept-encoding', 'sec-fetch-site', 'content-length', 'range'],
];
const VALUES = [
  ...['text/html', 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  ...['multipart/form-data; boundary=x', '5 minutes', 'Bearer x', 'nightshift=x', 'gzip', '*/*'],
];

interface Input {
  readonly method: string;
  readonly path: string;
  /** In place of the colons of the path. */
  readonly parts: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const EVENT_STREAM = 200;

/** Any request has an answer that is not the server's failure. */
export async function http(servers: NodeJS.ProcessEnv): Promise<Edge<Input>> {
  const client = await connect({
    name: `fuzz-${randomUUID().slice(0, 8)}`,
    temporal: { address: servers['TEMPORAL_ADDRESS'] ?? '' },
    mongodb: { uri: servers['MONGODB_URI'] ?? '' },
  });
  const { app, close } = createDashboard({ client });
  return {
    name: 'HTTP',
    share: 30,
    inputs: fc.record({
      method: fc.constantFrom('GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'),
      path: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...PATHS) },
        { weight: 1, arbitrary: texts },
      ),
      parts: fc.array(texts, { minLength: 2, maxLength: 2 }),
      query: fc.array(fc.tuple(fc.constantFrom(...FIELDS), texts), { maxLength: 3 }),
      headers: fc.array(
        fc.tuple(
          fc.constantFrom(...HEADERS),
          fc.oneof(
            { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
            { weight: 1, arbitrary: fc.string() },
          ),
        ),
        { maxLength: 3 },
      ),
      body: fc.oneof(
        odd.map((value) => JSON.stringify(value) ?? ''),
        texts,
        fc
          .array(fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), texts), texts), { maxLength: 4 })
          .map((fields) => form(fields)),
      ),
    }),
    async try(input) {
      const request = requestOf(input);
      if (request === undefined) return; // no HTTP client could send it
      const answer = await app.fetch(request);
      if (answer.status >= 500) throw new Error(`${answer.status}: ${await answer.text()}`);
      if (
        answer.status === EVENT_STREAM &&
        answer.headers.get('content-type')?.includes('event-stream')
      )
        await answer.body?.cancel();
      else await answer.arrayBuffer();
    },
    async close() {
      await close();
      await client.close();
    },
  };
}

function form(fields: readonly (readonly [string, string])[]): string {
  return fields.map((field) => field.map(encoded).join('=')).join('&');
}

/** As browsers do; a lone half of a character is left as it is. */
function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function requestOf({ method, path, parts, query, headers, body }: Input): Request | undefined {
  const rest = [...parts];
  const filled = path.replace(/:/g, () => encoded(rest.shift() ?? ''));
  const search = query.length === 0 ? '' : `?${form(query)}`;
  try {
    const all = new Headers([['host', 'localhost:8234']]);
    for (const [name, value] of headers) all.set(name, value);
    return new Request(`http://localhost:8234${filled}${search}`, {
      ...{ method, headers: all },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
    });
  } catch {
    return undefined;
  }
}
