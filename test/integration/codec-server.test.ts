import { createEncryptionCodec } from '../../src/connections/encryption-codec';
import { parseEncryptionKeys } from '../../src/connections/encryption-keys';
import { createAccess, type Tokens } from '../../src/dashboard/access';
import { createCodecServer } from '../../src/dashboard/create-codec-server';
import { startCli } from '../support/cli';

const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const UI = 'http://localhost:8233';
const TOKENS: Tokens = { token: 'all-7f3a9c', readToken: 'read-51bd02' };

interface Json {
  readonly payloads: readonly { readonly metadata: object; readonly data: string }[];
}
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PLAIN: Json = {
  payloads: [{ metadata: { encoding: base64('json/plain') }, data: base64('{"mark":"MARK"}') }],
};

function server(tokens: Tokens = {}) {
  const codec = createEncryptionCodec(parseEncryptionKeys(KEY));
  const app = createCodecServer({ codec, tokens, origins: [UI] });
  return (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<Response> =>
    Promise.resolve(
      app.request(`http://127.0.0.1:8235${path}`, {
        method,
        headers: { host: '127.0.0.1:8235', 'content-type': 'application/json', ...headers },
        ...(method === 'POST'
          ? { body: typeof body === 'string' ? body : JSON.stringify(body) }
          : {}),
      }),
    );
}

test('what is encoded is decoded, as Temporal asks for it', async () => {
  const ask = server();
  const encoded = await ask('/encode', PLAIN, { 'x-namespace': 'default' });
  expect(encoded.status).toBe(200);
  const sealed = (await encoded.json()) as Json;
  expect(JSON.stringify(sealed)).not.toContain(PLAIN.payloads[0]?.data);
  expect(await (await ask('/decode', sealed)).json()).toEqual(PLAIN);
});

test('what no key has encrypted comes back as it was', async () => {
  expect(await (await server()('/decode', PLAIN)).json()).toEqual(PLAIN);
});

test.each<[string, unknown]>([
  ['no JSON', 'payloads'],
  ['no payloads', {}],
  ['no base64', { payloads: [{ metadata: {}, data: 'ä' }] }],
  ['metadata that are a list', { payloads: [{ metadata: ['x'], data: '' }] }],
  ['null', null],
])('a body with %s is refused', async (_what, body) => {
  const answer = await server()('/decode', body);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ error: { code: 'usage' } });
});

test('what another key has sealed is refused, with its name', async () => {
  const other = createEncryptionCodec(
    parseEncryptionKeys(`other:${Buffer.alloc(32, 8).toString('base64')}`),
  );
  const [sealed] = await other.encode([{ metadata: {}, data: Buffer.from('x') }]);
  const payload = {
    metadata: Object.fromEntries(
      Object.entries(sealed?.metadata ?? {}).map(([k, v]) => [
        k,
        Buffer.from(v).toString('base64'),
      ]),
    ),
    data: Buffer.from(sealed?.data ?? []).toString('base64'),
  };
  const answer = await server()('/decode', { payloads: [payload] });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({
    error: { code: 'payload_unreadable', message: expect.stringContaining('"other"') as string },
  });
});

describe('pages', () => {
  test("of the Temporal UI's address may ask, with the visitor's cookie", async () => {
    const preflight = await server(TOKENS)(
      '/decode',
      undefined,
      {
        origin: UI,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-namespace,authorization',
      },
      'OPTIONS',
    );
    expect(preflight.status).toBe(204);
    const header = (name: string): string | null => preflight.headers.get(name);
    expect(header('access-control-allow-origin')).toBe(UI);
    expect(header('access-control-allow-credentials')).toBe('true');
    expect(header('access-control-allow-headers')).toBe('content-type,x-namespace,authorization');
    const cookie = `nightshift=${createAccess(TOKENS).sessionOf('read')}`;
    const answer = await server(TOKENS)('/decode', PLAIN, { origin: UI, cookie });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
  });

  test.each(['http://evil.example', 'http://localhost:8234', 'null'])(
    'of another may not: %s',
    async (origin) => {
      const answer = await server()('/decode', PLAIN, { origin });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('that lead here by a foreign name get no answer', async () => {
    const answer = await server()('/decode', PLAIN, { host: 'evil.example' });
    expect(answer.status).toBe(403);
  });
});

describe('with tokens', () => {
  test.each<[string, string, string | undefined, number]>([
    ['decoding', '/decode', undefined, 401],
    ['decoding', '/decode', 'wrong', 401],
    ['decoding', '/decode', TOKENS.readToken, 200],
    ['decoding', '/decode', TOKENS.token, 200],
    ['encoding', '/encode', undefined, 401],
    ['encoding', '/encode', TOKENS.readToken, 403],
    ['encoding', '/encode', TOKENS.token, 200],
  ])('%s: %s with %s is %i', async (_what, path, token, status) => {
    const headers: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    expect((await server(TOKENS)(path, PLAIN, headers)).status).toBe(status);
  });
});

describe('nightshift codec', () => {
  test('serves until it is told to stop', async () => {
    const running = startCli(['codec', '--port', '28235'], {
      env: { NIGHTSHIFT_ENCRYPTION_KEY: KEY },
    });
    await running.says('the codec endpoint for http://localhost:8233, http://127.0.0.1:8233');
    const answer = await fetch('http://127.0.0.1:28235/encode', {
      method: 'POST',
      body: JSON.stringify(PLAIN),
    });
    expect(answer.status).toBe(200);
    running.process.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
  });

  test.each<[string, string[], NodeJS.ProcessEnv, string]>([
    ['without a key', [], {}, 'NIGHTSHIFT_ENCRYPTION_KEY is not set'],
    [
      'with a malformed key',
      [],
      { NIGHTSHIFT_ENCRYPTION_KEY: 'abc' },
      'no key of the form <id>:<base64>',
    ],
    [
      'where others can reach it, without a token',
      ['--host', '0.0.0.0'],
      { NIGHTSHIFT_ENCRYPTION_KEY: KEY },
      'others can reach the codec endpoint, so it needs a token',
    ],
    [
      'for an address that is none',
      ['--ui', 'localhost'],
      { NIGHTSHIFT_ENCRYPTION_KEY: KEY },
      '"localhost" is no address of a Temporal UI',
    ],
  ])('%s, says so', async (_what, args, env, message) => {
    const { code, err } = await startCli(['codec', ...args], { env }).finished;
    expect(err).toContain(message);
    expect(code).not.toBe(0);
  });
});
