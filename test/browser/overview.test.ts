import { useApp } from '../support/test-app';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const mail = worker('mail', async (event: unknown) => event);
  export const charge = worker('charge', { retry: { retries: 0 } }, async () => { throw new Error('card refused'); });
`),
);
const dashboard = useDashboard(app);
const browser = useBrowser();

test('the overview shows what is wrong, what waits, and what happens, as it happens', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(dashboard.url);
  expect(await page.title()).toBe(`Overview · ${app.name}`);
  await page.getByText('No event in the last hour').waitFor();
  expect(await page.getByRole('list', { name: 'Needs attention' }).count()).toBe(0);

  await (await app.client.emit({ n: 1 }, 'mail')).result();
  await app.client.emit({}, 'charge');
  await app.client.emit({}, 'nobody');
  await app.client.queues.pause('mail', { by: 'ops', reason: 'rebuild' });
  await app.client.emit({ n: 2 }, 'mail');
  const attention = page.getByRole('list', { name: 'Needs attention' });
  await attention.getByText('1 event of charge failed').waitFor();
  await attention.getByText('mail is paused').waitFor();
  await attention.getByText('1 held').waitFor();
  await attention.getByText('1 name without a handler').waitFor();
  await page.getByRole('row', { name: /^mail paused 1 0 0 1/ }).waitFor();
  await shot('overview');
  expect(troubles).toEqual([]);
});

test('a queue is paused and resumed by hand', async () => {
  const { page, troubles } = await browser.page();
  await page.goto(`${dashboard.url}/handlers/charge`);
  await page.getByRole('link', { name: 'Pause…' }).click();
  await page.getByLabel('Why is charge paused?').fill('bank is down');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused by dashboard').waitFor();
  expect((await app.client.queues.get('charge')).rules).toMatchObject([
    { kind: 'pause', reason: 'bank is down' },
  ]);
  await page.getByRole('button', { name: 'Resume 0' }).click();
  await page.getByRole('link', { name: 'Pause…' }).waitFor();
  expect((await app.client.queues.get('charge')).state).toBe('run');
  expect(troubles).toEqual([]);
});
