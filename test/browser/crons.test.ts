import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const report = cron('report', 'Daily', async () => 'fine');
  export const prune = cron('prune', { cron: '0 9 * * MON', timezone: 'Europe/Berlin' }, async () => null);
  export const sync = worker('sync', { retry: { retries: 0 } }, async () => null);
  export const zCharge = cron('zCharge', { every: '90 minutes' }, { retry: { retries: 0 } }, async () => {
    throw new Error('card refused');
  });
`),
);
const dashboard = useDashboard(app);
const readOnly = useDashboard(app, { token: 'all', readToken: 'only-look' });
const none = useApp();
const empty = useDashboard(none);
const browser = useBrowser();

test('shows failed ones first, when each runs, and how the last runs went, live', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/crons`);
  expect(await page.title()).toBe(`Crons · ${app.name}`);
  await page.getByRole('link', { name: 'zCharge failed' }).waitFor();
  const rows = page.getByRole('rowheader');
  expect(await rows.first().innerText()).toMatch(/^zCharge\s+every 90 minutes$/);
  expect(await page.getByRole('row', { name: /^report/ }).innerText()).toMatch(/\d\d:\d\d/);
  await page.getByText('0 9 * * MON (Europe/Berlin)').waitFor();
  const runs = page.getByRole('row', { name: /^report/ }).getByRole('img');
  await page.getByRole('img', { name: '1 run: 1 failed' }).waitFor();
  expect(await runs.getAttribute('aria-label')).toBe('1 run: 1 done');
  // five times: one, and four more
  const row = await page
    .getByRole('row', { name: /^report/ })
    .locator('td[data-l=next] time')
    .all();
  expect(row).toHaveLength(5);
  await (await app.client.crons.runNow('report')).result();
  await page.getByRole('img', { name: '2 runs: 2 done' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('crons');
  expect(troubles).toEqual([]);
});

test('a cron is run, paused with a reason, and resumed by hand', async () => {
  const { page, troubles } = await browser.page();
  await page.goto(`${dashboard.url}/crons`);
  const row = page.getByRole('row', { name: /^prune/ });
  await row.getByText('no run yet').waitFor();
  await row.getByRole('button', { name: 'Run now' }).click();
  await page.mouse.move(0, 0);
  await row.getByRole('img', { name: '1 run: 1 done' }).waitFor();

  await row.getByRole('link', { name: 'Pause…' }).click();
  await page.getByLabel('Why is prune paused?').fill('<img src=x onerror=alert(1)> moving');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await row.getByText('by dashboard: “<img src=x onerror=alert(1)> moving”').waitFor();
  await row.getByText('when resumed').waitFor();
  expect(await app.client.crons.get('prune')).toMatchObject({
    state: 'pause',
    paused: { by: 'dashboard', reason: '<img src=x onerror=alert(1)> moving' },
  });

  await row.getByRole('button', { name: 'Resume' }).click();
  await row.getByRole('link', { name: 'Pause…' }).waitFor();
  expect((await app.client.crons.get('prune')).state).toBe('run');
  expect(troubles).toEqual([]);
});

test('one that its queue holds is resumed there', async () => {
  await app.client.queues.pause('report', { by: 'ops' });
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/crons`);
  await page
    .getByRole('row', { name: /^report/ })
    .getByRole('link', { name: 'Resume its queue…' })
    .click();
  await page.waitForURL('**/handlers/report');
  await app.client.queues.resume('report');
});

test('with a token for looking only there are no buttons', async () => {
  const { page } = await browser.page();
  await page.goto(`${readOnly.url}/crons`);
  await page.getByLabel('Token').fill('only-look');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('rowheader', { name: 'prune' }).waitFor();
  expect(await page.getByRole('button', { name: /Run|Resume/ }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Pause…' }).count()).toBe(0);
  await page.goto(`${readOnly.url}/crons?do=pause&cron=prune`);
  await page.getByRole('rowheader', { name: 'prune' }).waitFor();
  expect(await page.getByLabel('Why is prune paused?').count()).toBe(0);
});

test('one that the app has no longer says so, and cannot be run', async () => {
  await app.client.crons.pause('prune', { by: 'ops' });
  folder.write(`
    export const report = cron('report', 'Daily', async () => 'fine');
  `);
  await app.worker.shutdown();
  await app.startWorker({});
  await until(
    () => app.client.crons.get('prune'),
    ({ gone }) => gone === true,
  );
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/crons`);
  const row = page.getByRole('row', { name: /^prune/ });
  await row.getByText('the app has it no longer').waitFor();
  expect(await row.getByRole('button', { name: 'Run now' }).count()).toBe(0);
});

test('without a cron it shows how to write one', async () => {
  const { page, troubles } = await browser.page({ viewport: { width: 390, height: 800 } });
  await page.goto(`${empty.url}/crons`);
  await page.getByText(`export const report = cron('report', 'Daily'`).waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(troubles).toEqual([]);
});
