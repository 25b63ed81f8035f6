import type { Page } from 'playwright-core';
import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const charge = worker('charge', { retry: { retries: 0 } }, async () => { throw new Error('refused'); });
  export const mail = worker('mail', async () => 'sent');
`),
);
const TOKENS = { token: 'all-7f3a9c', readToken: 'read-51bd02' };
const dashboard = useDashboard(app, TOKENS);
const browser = useBrowser();

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

beforeAll(async () => {
  await (await app.client.emit(1, 'charge', { id: 'c-1' })).result().catch(() => {});
  await (await app.client.emit(1, 'nobody', { id: 'n-1' })).result().catch(() => {});
  await app.client.queues.pause('mail', { by: 'ops' });
  await app.client.emit(1, 'mail', { id: 'm-1' });
  await (await app.client.events.redrive({ handler: 'charge', ids: ['none'] })).result();
  await until(
    () => app.client.events.count(),
    (counts) => counts.error === 1 && counts.missing === 1 && counts.new === 1,
  );
}, 60_000);

test('a wrong token is refused with a word, the right one leads to the page that was asked for', async () => {
  const { page, shot } = await browser.page();
  await page.goto(`${dashboard.url}/events/c-1?a=1`);
  await logIn(page, 'nope');
  await page.getByText('This is not the token').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('login-wrong');
  await logIn(page, TOKENS.token);
  await page.waitForURL(`${dashboard.url}/events/c-1?a=1`);
  await page.getByRole('button', { name: 'Redrive' }).waitFor();
}, 60_000);

test('who may only look sees everything, and no button that changes anything', async () => {
  const { page, troubles } = await browser.page();
  await page.goto(`${dashboard.url}/events/c-1`);
  await logIn(page, TOKENS.readToken);
  const pages: readonly [path: string, shows: string][] = [
    ['/events/c-1', 'Failed after 1 attempt'],
    ['/events/m-1?do=cancel', 'Held'],
    ['/handlers/mail', 'Paused by ops'],
    ['/handlers/mail?do=pause', 'Paused by ops'],
    ['/handlers/charge?do=block', 'Error: refused'],
    ['/missing?do=forget&name=nobody', 'export const nobody'],
    ['/operations/redrive/charge', 'Done'],
  ];
  for (const [path, shows] of pages) {
    await page.goto(dashboard.url + path);
    await page.getByText(shows.replace('Error: ', '')).first().waitFor();
    const forms = page.locator('form[method=post]');
    const actions = await forms.evaluateAll((all) =>
      all.map((form) => String((form as unknown as { action: string }).action)),
    );
    expect([path, ...actions]).toEqual([path, `${dashboard.url}/logout`]);
    expect(await page.getByRole('link', { name: /…$/ }).count()).toBe(0);
  }
  expect(troubles).toEqual([]);
}, 60_000);
