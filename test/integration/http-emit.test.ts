import { type ServedDashboard, serveDashboard } from '../../src/dashboard/serve-dashboard';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const echo = worker('echo', async (event: unknown) => event);
  export const odd = worker('odd', async () => ({ at: new Date(0), big: 2n ** 60n, none: undefined, bytes: new Uint8Array([1, 2]) }));
  export const fails = worker('fails', { retry: { retries: 0 } }, async () => { throw new Error('card refused'); });
  export const dated = worker('dated', { event: t.Record({ at: t.Date }) }, async ({ at }) => at.getTime());
  export const typed = worker('typed', { event: t.Record({ n: t.Int }) }, async ({ n }) => n);
`),
);
let served: ServedDashboard;
beforeAll(async () => {
  served = await serveDashboard({ client: app.client, port: 0 });
});
afterAll(() => served.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path.startsWith('http') ? path : served.url + path, init);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

const post = (
  handler: string,
  body: string | Buffer | undefined,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  ask(`/emit/${handler}`, {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
    headers: { 'content-type': 'application/json', ...headers },
  });

const outcome = async ({ body }: Answer): Promise<Record<string, unknown>> =>
  (await ask(`${String(body['url'])}?wait=20`)).body;

test('an event is emitted, and its url tells what became of it', async () => {
  const answer = await post('echo', '{"a":[1,"zwölf",null]}');
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toBe(answer.body['url']);
  expect(answer.body).toEqual({
    id: expect.any(String) as string,
    url: `${served.url}/events/${String(answer.body['id'])}`,
    repeated: false,
  });
  expect(await outcome(answer)).toMatchObject({
    handler: 'echo',
    status: 'done',
    attempts: 1,
    value: { a: [1, 'zwölf', null] },
  });
});

test.each([
  ['', null],
  ['0', 0],
  ['"text"', 'text'],
  ['[]', []],
])('a body %j is the event %j', async (body, event) => {
  expect((await outcome(await post('echo', body))).value).toEqual(event);
});

test('an Idempotency-Key is the id, accepted once', async () => {
  const headers = { 'idempotency-key': 'order/1-u' };
  const first = await post('echo', '1', headers);
  const second = await post('echo', '2', headers);
  expect([first.body['id'], first.body['repeated']]).toEqual(['order/1-u', false]);
  expect([second.body['id'], second.body['repeated']]).toEqual(['order/1-u', true]);
  expect((await outcome(second)).value).toBe(1);
  expect(await post('odd', '1', headers)).toMatchObject({
    status: 409,
    body: { error: { code: 'event_id_taken' } },
  });
});

test('a Delay waits', async () => {
  for (const delay of ['3600', '1 hour']) {
    const answer = await post('echo', '1', { delay });
    const { status } = await ask(String(answer.body['url'])).then(({ body }) => body);
    expect(status).toBe('new');
    const { startsAt, emittedAt } = await app.client.events
      .get(String(answer.body['id']))
      .describe();
    expect(startsAt.getTime() - emittedAt.getTime()).toBe(3_600_000);
  }
});

test('where the worker expects a date, an ISO text is one', async () => {
  expect((await outcome(await post('dated', '{"at":"1970-01-01T00:00:01Z"}'))).value).toBe(1000);
  expect((await outcome(await post('dated', '{"at":"soon"}'))).status).toBe('error');
});

test('what JSON does not have is told as texts', async () => {
  expect((await outcome(await post('odd', 'null'))).value).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    big: '1152921504606846976',
    bytes: 'AQI=',
  });
});

test('a failure is told, and a name without a handler', async () => {
  expect(await outcome(await post('fails', '1'))).toMatchObject({
    status: 'error',
    error: { message: expect.stringContaining('card refused') as string },
  });
  expect(await outcome(await post('nobody', '1'))).toMatchObject({ status: 'missing' });
  expect(await outcome(await post('typed', '{"n":"one"}'))).toMatchObject({ status: 'error' });
});

test.each([
  ['no JSON', 'echo', '{', {}, 422, 'event_invalid'],
  ['a delay that is none', 'echo', '1', { delay: 'soon' }, 422, 'duration_invalid'],
  ['a delay before now', 'echo', '1', { delay: '-5' }, 422, 'duration_invalid'],
  ['an empty id', 'echo', '1', { 'idempotency-key': '' }, 422, 'event_invalid'],
  ['a name that is reserved', 'nightshift.resume', '1', {}, 422, 'handler_name_invalid'],
  [
    'a form',
    'echo',
    'a=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'json_expected',
  ],
  ['plain text', 'echo', '1', { 'content-type': 'text/plain' }, 415, 'json_expected'],
  ['a foreign page', 'echo', '1', { origin: 'http://evil.example' }, 403, 'origin_refused'],
] as const)(
  '%s is refused, and nothing started',
  async (_, handler, body, headers, status, code) => {
    const answer = await post(handler, body, headers);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  },
);

test('an event over 2 MB is refused', async () => {
  expect(await post('echo', JSON.stringify('x'.repeat(2.5 * 2 ** 20)))).toMatchObject({
    status: 413,
    body: { error: { code: 'value_too_large' } },
  });
  expect(await post('echo', JSON.stringify('x'.repeat(5 * 2 ** 20)))).toMatchObject({
    status: 413,
  });
});

test('an event that never was is not found', async () => {
  expect(await ask('/events/never')).toMatchObject({
    status: 404,
    body: { error: { code: 'event_not_found' } },
  });
});

test('the description names what there is', async () => {
  const { body } = await ask('/openapi.json');
  expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: served.url }] });
  expect(Object.keys(body['paths'] as object)).toEqual(['/emit/{handler}', '/events/{id}']);
  // each reference leads somewhere
  const schemas = Object.keys((body['components'] as { schemas: object }).schemas);
  for (const [, name] of JSON.stringify(body).matchAll(/#\/components\/schemas\/(\w+)/g))
    expect(schemas).toContain(name);
});
