import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const MARKUP = '<script>alert(1)</script>';
const folder = useAppFolder();
const source = `
  export const mail = worker('mail', async (event: unknown) => event);
  export const charge = worker('charge', { retry: { retries: 0 } }, async () => { throw new Error('refused'); });
`;
const app = useApp(folder.write(source));
const dashboard = useDashboard(app);
const browser = useBrowser();

async function ended(event: unknown, handler: string, id: string): Promise<void> {
  await (await app.client.emit(event, handler, { id })).result().catch(() => {});
}

test('the list of events is there before there are any, and follows them', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/events`);
  await page.getByText('No event yet. Emit one:').waitFor();
  await ended({}, 'mail', 'mail-1');
  await page.locator('tr', { hasText: 'mail-1' }).getByText('done').waitFor();
  await ended({}, 'charge', 'charge-1');
  await page.locator('tr', { hasText: 'charge-1' }).getByText('error').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('events');
  await page.getByRole('link', { name: 'charge-1' }).click();
  await page.getByText('Failed after 1 attempt').waitFor();
  expect(troubles).toEqual([]);
}, 60_000);

test('events are found by handler, status and id', async () => {
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/events`);
  await page.getByLabel('Handler').selectOption('charge');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/handler=charge/);
  await page.locator('tr', { hasText: 'charge-1' }).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);
  await page.getByLabel('Status').selectOption('done');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('No event is done of handler charge.').waitFor();
  await page.getByRole('link', { name: 'Show all events' }).click();
  await page.getByLabel('Event id').fill('mail-1');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=mail-1/);
  await page.locator('tr', { hasText: 'mail-1' }).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);
  await page.getByLabel('Event id').fill(MARKUP);
  await page.keyboard.press('Enter');
  await page.getByText(`has no event "${MARKUP}"`).waitFor();
  expect(await barriers(page)).toEqual([]);
}, 60_000);

test('the list goes on page by page, each event once', async () => {
  await app.client.emitMany(
    Array.from({ length: 120 }, (_, n) => ({ n })),
    'mail',
    { id: 'many' },
  );
  await until(
    () => app.client.events.count({ handler: 'mail' }),
    ({ done }) => done >= 121,
  );
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/events?handler=mail`);
  const seen: string[] = [];
  for (;;) {
    seen.push(...(await page.locator('tbody th').allTextContents()));
    const next = page.getByRole('link', { name: 'The next 50' });
    if ((await next.count()) === 0) break;
    const url = page.url();
    await next.click();
    await page.waitForURL((now) => now.href !== url);
  }
  expect(seen).toHaveLength(new Set(seen).size);
  expect(new Set(seen).size).toBe(121);
  await page.getByRole('link', { name: 'The newest' }).click();
  await until(
    () => page.locator('tbody tr').count(),
    (rows) => rows === 50,
  );
}, 60_000);

test('the 404 list shows what came and code for it; forgets; redrives once there is a handler', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/missing`);
  await page.getByText('Every event has a handler.').waitFor();
  await ended({ repo: MARKUP, stars: 3 }, 'github.star', 'star-1');
  await ended({ x: 1 }, 'typo', 'typo-1');
  await page.getByRole('heading', { name: 'github.star' }).waitFor();
  await page.getByText("export const githubStar = worker(\n  'github.star',").waitFor();
  await page.locator('summary', { hasText: 'star-1' }).click();
  await page.locator('details[open]', { hasText: MARKUP }).waitFor();
  expect(await page.getByRole('button', { name: 'Redrive 1' }).first().isDisabled()).toBe(true);
  await page.getByText('no handler serves it yet').first().waitFor();
  expect(await page.locator('main script').count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await shot('missing');

  await page.getByRole('link', { name: 'Forget typo…' }).click();
  await page.getByRole('button', { name: 'Forget typo' }).click();
  await page.waitForURL(`${dashboard.url}/missing`);
  expect((await app.client.missing.list()).map(({ name }) => name)).toEqual(['github.star']);

  await app.worker.shutdown();
  await app.startWorker({
    app: folder.write(
      `import { worker } from 'nightshift';
       ${source}
       export const star = worker('github.star', async (event: unknown) => event);`,
      'next.ts',
    ),
  });
  await page.getByRole('heading', { name: 'Now handled' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Redrive 1' }).click();
  await page.waitForURL(/\/operations\/redrive-missing\/github\.star$/);
  await page.getByText(/^Done, 1 of 1 event/).waitFor();
  await untilIs(() => app.client.events.get('star-1').status(), 'done');
  expect(troubles).toEqual([]);
}, 90_000);
