import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectOf } from '../../src/cli/project';
import { type ServedDashboard, serveDashboard } from '../../src/dashboard/serve-dashboard';
import { useAppFolder } from '../support/app-folder';
import { barriers } from '../support/accessible';
import { useBrowser } from '../support/browser';
import { useApp } from '../support/test-app';

const folder = useAppFolder();
const source = (age: number): string => `
  export const Users = datastore('Users', { age: t.Int });
  export const sign = worker('sign', async (key: string) => { await DB.set({ age: ${age} }, key, Users); return key; });
`;
const appPath = folder.write(source(40));
const app = useApp(appPath);
const browser = useBrowser();

let served: ServedDashboard;
beforeAll(async () => {
  const mongodbUri = process.env['MONGODB_URI'] ?? '';
  const project = projectOf({ client: app.client, mongodbUri, appPath, cwd: folder.path });
  served = await serveDashboard({ client: app.client, port: 0, project });
  await (await app.client.emit('paul', 'sign', { id: 'e1' })).result();
});
afterAll(() => served.close());

test('an event is run on the present code with nothing done, then and now side by side', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${served.url}/events/e1`);
  await page.getByRole('link', { name: 'Dry run' }).click();
  await page.getByText('It would do the same').waitFor();

  folder.write(source(41));
  await page.reload();
  await page.getByText('It would do otherwise').waitFor();
  const [then, now] = await page.locator('tbody tr').first().locator('td').allInnerTexts();
  expect(then).toContain('"age":40');
  expect(now).toContain('"age":41');
  expect(await app.db.collection('Users').findOne()).toMatchObject({ v: { age: 40 } });
  await shot('dry-run');
  expect(await barriers(page)).toEqual([]);
  expect(troubles).toEqual([]);
}, 60_000);

test('an event’s trace is saved as a test', async () => {
  const { page } = await browser.page();
  await page.goto(`${served.url}/events/e1`);
  await page.getByRole('button', { name: 'Save as test' }).click();
  const file = join('test', 'traces', 'sign.e1.json');
  await page.getByRole('status').getByText(file).waitFor();
  expect(existsSync(join(folder.path, file))).toBe(true);
});

test('where the source is not at hand, neither is offered', async () => {
  const elsewhere = await serveDashboard({ client: app.client, port: 0 });
  const { page } = await browser.page();
  await page.goto(`${elsewhere.url}/events/e1`);
  await page.getByRole('button', { name: 'Run again' }).waitFor();
  expect(await page.getByRole('link', { name: 'Dry run' }).count()).toBe(0);
  const response = await page.goto(`${elsewhere.url}/events/e1/dry-run`);
  expect(response?.status()).toBe(404);
  await page.getByText('does not know where the source of the app is').waitFor();
  await elsewhere.close();
});
