import { datastore, t } from 'nightshift';
import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const fails = worker('fails', { retry: { retries: 0 } }, async () => { throw new Error('no'); });
  export const Old = datastore('Old', { n: t.Int });
  export const New = datastore('New', { n: t.Int });
  export const m = migration('to-new', Old, New, ({ n }) => ({ n: 10 / n }));
  export const mail = worker('mail', async () => 'sent');
`),
);
const dashboard = useDashboard(app);
const browser = useBrowser();

test('a redrive is watched, paused, resumed and cancelled', async () => {
  await app.client.emitMany(
    Array.from({ length: 40 }, () => null),
    'fails',
    { id: 'f' },
  );
  await until(
    () => app.client.events.count(),
    ({ error }) => error === 40,
  );
  await app.client.events.redrive({ handler: 'fails', rate: 2 });
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/handlers/fails`);
  await page.getByRole('link', { name: 'Redrive of fails' }).click();
  await page.getByText(/^Running, \d+ of 40 events/).waitFor();
  await until(
    () => page.getByRole('img', { name: /^Redrive of fails: [1-9]\d* of 40$/ }).count(),
    (bars) => bars === 1,
  );
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Paused, \d+ of 40 events/).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('operation');
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText(/^Running, \d+ of 40 events/).waitFor();
  await page.getByRole('link', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByText(/^Cancelled, \d+ of 40 events/).waitFor();
  expect(await page.getByRole('button').count()).toBe(0);
  expect((await app.client.events.redriving('fails').progress()).state).toBe('cancelled');
  expect(troubles).toEqual([]);
}, 90_000);

test('a resume goes at the rate that was asked; cancelled, the rest is let go by another', async () => {
  await app.client.queues.pause('mail');
  for (let i = 0; i < 12; i++) await app.client.emit(null, 'mail', { id: `held-${i}` });
  const { page, troubles } = await browser.page();
  await page.goto(`${dashboard.url}/handlers/mail`);
  await page.getByRole('button', { name: 'Resume 12' }).waitFor();
  await page.getByLabel('at').selectOption('1 a second');
  await page.getByRole('button', { name: 'Resume 12' }).click();
  await page.waitForURL(/\/operations\/resume\/mail$/);
  await page.getByText(/^Running, \d+ of 12 events/).waitFor();
  expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel it' }).click();
  await page.getByText(/^Cancelled/).waitFor();
  await page.getByRole('link', { name: 'mail' }).click();
  await page.getByText('still held, though no rule stands').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: /^Resume \d+$/ }).click();
  await page.getByText(/^Done/).waitFor();
  for (let i = 0; i < 12; i++)
    expect(await app.client.events.get(`held-${i}`).result()).toBe('sent');
  expect(troubles).toEqual([]);
}, 90_000);

test('a redrive names what it passed over', async () => {
  await (await app.client.emit(null, 'mail', { id: 'm-1' })).result();
  const redrive = await app.client.events.redrive({ handler: 'fails', ids: ['m-1', 'f-1'] });
  await redrive.result();
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/operations/redrive/fails`);
  const failure = page.locator('#failures li', { hasText: 'm-1' });
  await failure.getByText('it is an event of handler "mail"').waitFor();
  await failure.getByRole('link', { name: 'm-1' }).click();
  await page.waitForURL(/\/events\/m-1$/);
});

test('a migration is shown like any other operation', async () => {
  const Old = datastore('Old', { n: t.Int });
  for (const n of [1, 2, 3]) await app.client.DB.set({ n }, `k${n}`, Old);
  const { page, shot } = await browser.page();
  await (await app.client.migrations.start('to-new', { dryRun: true })).result();
  await page.goto(`${dashboard.url}/operations/migration/to-new`);
  await page.getByRole('heading', { name: 'Dry run of to-new' }).waitFor();
  await page.getByText(/^Done, 2 of 3 records/).waitFor();
  await page.locator('#failures li', { hasText: 'k3' }).getByText(/Int/).waitFor();
  await shot('operation-migration');
  await (await app.client.migrations.start('to-new')).result().catch(() => {});
  await page.reload();
  await page.getByText(/^Failed/).waitFor();
  await page.locator('#failures li', { hasText: 'k3' }).waitFor();
});

test.each(['redrive/mail', 'resume/fails', 'migration/none', 'constructor/x', 'nothing/x'])(
  'an operation that never was is said not to be: %s',
  async (path) => {
    const { page } = await browser.page();
    const answer = await page.goto(`${dashboard.url}/operations/${path}`);
    expect(answer?.status()).toBe(404);
    await page.getByText('code operation_not_found').waitFor();
  },
);
