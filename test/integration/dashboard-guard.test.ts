import { createDashboard, type Dashboard } from '../../src/dashboard/create-dashboard';
import { serveDashboard } from '../../src/dashboard/serve-dashboard';
import type { Tokens } from '../../src/dashboard/access';
import { useApp } from '../support/test-app';

const HOST = '127.0.0.1:8234';
const TOKENS: Tokens = { token: 'all-7f3a9c', readToken: 'read-51bd02' };
const app = useApp('queues.ts');
const opened: Dashboard[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

type Ask = (path: string, init?: RequestInit & { host?: string }) => Promise<Response>;

function dashboard(tokens: Tokens = {}, isLocal = true): Ask {
  const created = createDashboard({ client: app.client, tokens, isLocal });
  opened.push(created);
  return async (path, { host = HOST, headers, ...init } = {}) =>
    created.app.request(`http://${host}${path}`, {
      ...init,
      headers: { host, ...(headers as Record<string, string>) },
    });
}

const PAGE = { accept: 'text/html' };
const PAUSE = '/handlers/*/pause';
const form = (fields: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});
const withHeaders = (init: RequestInit, headers: Record<string, string>): RequestInit => ({
  ...init,
  headers: { ...(init.headers as Record<string, string>), ...headers },
});

describe('without a token, on this machine', () => {
  it.each(['127.0.0.1:8234', 'localhost:8234', '[::1]:8234', 'LOCALHOST'])(
    'answers as %s',
    async (host) => {
      expect((await dashboard()('/login', { host })).status).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example:8234', '127.0.0.1.evil.example', '10.0.0.1'])(
    'answers to no other name that leads here: %s',
    async (host) => {
      const response = await dashboard()('/', { host });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: 'host_refused' } });
    },
  );

  it.each([
    [{ origin: 'http://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:9999' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('lets no other page change anything: %o', async (headers: Record<string, string>) => {
    const response = await dashboard()(PAUSE, withHeaders(form(), headers));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'origin_refused' } });
    expect(await app.client.queues.log('*')).toEqual([]);
  });

  it.each([[{ origin: `http://${HOST}` }], [{ 'sec-fetch-site': 'same-origin' }], [{}]])(
    'lets its own pages and other programs: %o',
    async (headers: Record<string, string>) => {
      const response = await dashboard()('/logout', withHeaders(form(), headers));
      expect(response.status).toBe(303);
    },
  );

  it('runs and loads nothing of another server, and nothing inline', async () => {
    const response = await dashboard()('/', { headers: PAGE });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const html = await response.text();
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script>|<style|\sstyle=|\son\w+=/);
    expect(html).not.toMatch(/(src|href|action)="(https?:)?\/\//);
  });
});

describe('with a token', () => {
  it('shows nobody else anything but the way in', async () => {
    const ask = dashboard(TOKENS);
    for (const path of ['/', '/handlers/mail', '/live?page=/', '/nothing-here']) {
      const response = await ask(path);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'token_needed' } });
    }
    const page = await ask('/handlers/a%20b', { headers: PAGE });
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe('/login?to=%2Fhandlers%2Fa%2520b');
    for (const path of ['/login', '/assets/style.css']) expect((await ask(path)).status).toBe(200);
  });

  it('lets in with the header, and not with a wrong one', async () => {
    const ask = dashboard(TOKENS);
    const bearer = (token: string) => ask('/', { headers: { authorization: `Bearer ${token}` } });
    expect((await bearer('all-7f3a9c')).status).toBe(200);
    for (const wrong of ['', 'all-7f3a9', 'all-7f3a9cc', 'ALL-7F3A9C', 'undefined'])
      expect((await bearer(wrong)).status).toBe(401);
  });

  it('gives a cookie for the token, which is not the token and which scripts cannot read', async () => {
    const ask = dashboard(TOKENS);
    const response = await ask('/login', form({ token: 'all-7f3a9c', to: '/crons' }));
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/crons');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain('7f3a9c');
    const [pair = ''] = cookie.split(';');
    expect((await ask('/', { headers: { cookie: pair } })).status).toBe(200);
    const forged = pair.replace(/=./, '=X');
    expect((await ask('/', { headers: { cookie: forged } })).status).toBe(401);
    const other = dashboard({ token: 'another' });
    expect((await other('/', { headers: { cookie: pair } })).status).toBe(401);
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', ''])(
    'leads to its own pages only: %s',
    async (to) => {
      const response = await dashboard(TOKENS)('/login', form({ token: 'all-7f3a9c', to }));
      expect(response.headers.get('location')).toBe('/');
    },
  );

  it('says so if the token is wrong', async () => {
    const response = await dashboard(TOKENS)('/login', form({ token: 'nope' }));
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toContain('This is not the token');
  });

  it('has one that is for looking only', async () => {
    const ask = dashboard(TOKENS);
    const headers = { authorization: 'Bearer read-51bd02' };
    expect((await ask('/', { headers })).status).toBe(200);
    const response = await ask(PAUSE, withHeaders(form(), headers));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'read_only' } });
    expect(await app.client.queues.log('*')).toEqual([]);
  });
});

test('a body that is too large is refused', async () => {
  const response = await dashboard()(PAUSE, form({ reason: 'x'.repeat(4 * 2 ** 20) }));
  expect(response.status).toBe(413);
});

test.each([
  ['/nothing', 404, 'There is no such page'],
  ['/handlers/%3Cscript%3Ealert(1)%3C%2Fscript%3E', 404, '&lt;script&gt;'],
  ['/assets/..%2f..%2fpackage.json', 404, 'There is no such page'],
])('%s is %d', async (path, status, text) => {
  const ask = dashboard();
  const response = await ask(path, { headers: PAGE });
  expect(response.status).toBe(status);
  const html = await response.text();
  expect(html).toContain(text);
  expect(html).not.toContain('<script>');
});

test('an address that others can reach demands a token', async () => {
  const refused = serveDashboard({ client: app.client, host: '0.0.0.0', port: 0 });
  await expect(refused).rejects.toMatchObject({ code: 'token_needed' });
});

test('a port that is in use is named', async () => {
  const first = await serveDashboard({ client: app.client, port: 0 });
  const port = Number(new URL(first.url).port);
  await expect(serveDashboard({ client: app.client, port })).rejects.toMatchObject({
    code: 'port_in_use',
    message: expect.stringContaining(String(port)) as string,
  });
  await first.close();
});
