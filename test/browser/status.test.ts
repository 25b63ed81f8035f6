import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';

const folder = useAppFolder();
const app = useApp(folder.write(`export const mail = worker('mail', async () => null);`));
const dashboard = useDashboard(app);
const readOnly = useDashboard(app, { token: 'all', readToken: 'only-look' });
const browser = useBrowser();

test('shows the worker processes, both servers without secrets, and itself', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/status`);
  await page.getByRole('row', { name: new RegExp(`^${process.pid}@.* ago$`) }).waitFor();
  const main = page.getByRole('main');
  await main.getByText(process.env['TEMPORAL_ADDRESS'] ?? '').waitFor();
  const mongodb = new URL((process.env['MONGODB_URI'] ?? '').replace(/^mongodb/, 'http'));
  await main.getByText(mongodb.host).waitFor();
  expect(await main.innerText()).not.toMatch(/mongodb(\+srv)?:\/\//);
  await main.getByText('look and change').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('status');
  expect(troubles).toEqual([]);
});

test('says so if one may only look', async () => {
  const { page } = await browser.page();
  await page.goto(`${readOnly.url}/status`);
  await page.getByLabel('Token').fill('only-look');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('look: your token is for reading').waitFor();
});
