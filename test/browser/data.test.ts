import { datastore, t } from 'nightshift';
import { HashedPassword } from '../../src/shared/password';
import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const Users = datastore('Users', {
    name: t.String, age: t.Int, joined: t.Date, team: t.optional(t.String), secret: t.Password,
    notes: t.Dict(t.String),
  });
  export const Teams = datastore('Teams', { title: t.String });
  export const Empty = datastore('Empty', { n: t.Int, at: t.Date });
  export const Copies = datastore('Copies', { title: t.String });
  export const copy = migration('copy', Teams, Copies, (team) => team);
  export const older = worker('older', async (age: number) => DB.queryCount(Users, (u) => u.age > age));
`),
);
const Users = datastore('Users', {
  name: t.String,
  age: t.Int,
  joined: t.Date,
  team: t.optional(t.String),
  secret: t.Password,
  notes: t.Dict(t.String),
});
const Teams = datastore('Teams', { title: t.String });
const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
const KEY = 'a/b?c#d%<script>alert(3)</script>';
const HASH = '$argon2id$v=19$secret-hash';

const dashboard = useDashboard(app);
const readOnly = useDashboard(app, { token: 'all', readToken: 'only-look' });
const browser = useBrowser();

const user = (name: string, age: number) => ({
  ...{ name, age, joined: new Date('2026-01-02T03:04:05Z'), team: 'red' },
  ...{ secret: new HashedPassword(HASH), notes: { 'a.b': MARKUP } },
});

beforeAll(async () => {
  const { DB } = app.client;
  for (let i = 0; i < 60; i++)
    await DB.set(user(`User ${i}`, i), `user-${String(i).padStart(2, '0')}`, Users);
  await DB.set(user(MARKUP, 200), KEY, Users);
  await DB.set({ title: 'The red ones' }, 'red', Teams);
});

test('lists the datastores with records and lock, and the migrations', async () => {
  await (await app.client.migrations.start('copy')).result();
  await until(
    () => app.client.migrations.list(),
    ([migration]) => migration?.state === 'done',
  );
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/data`);
  await page.getByRole('row', { name: /^Users 61 locked .* age$/ }).waitFor();
  await page.getByRole('row', { name: /^Empty 0 may change/ }).waitFor();
  await page.getByRole('row', { name: /^copy done 1 of 1/ }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('datastores');
  expect(troubles).toEqual([]);
});

test('shows records page by page, on and back, with markup as text', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users`);
  const rows = page.getByRole('table').getByRole('rowheader');
  expect(await rows.count()).toBe(50);
  expect(await rows.first().innerText()).toBe(KEY);
  await page.getByRole('cell', { name: MARKUP }).first().waitFor();
  expect(await page.getByText(HASH).count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await shot('records');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByRole('rowheader', { name: 'user-59' }).waitFor();
  expect(await rows.count()).toBe(11);
  expect(await page.getByRole('link', { name: 'Next' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Previous' }).click();
  await page.getByRole('rowheader', { name: 'user-00' }).waitFor();
  expect(await rows.count()).toBe(50);
  expect(await page.getByRole('link', { name: 'Previous' }).count()).toBe(0);
  expect(troubles).toEqual([]);
});

test('comes in the order of an indexed field too', async () => {
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users`);
  await page.getByRole('columnheader', { name: 'age' }).getByRole('link').click();
  await page.getByText('50 of 61 records, by age').waitFor();
  expect(await page.getByRole('rowheader').first().innerText()).toBe('user-00');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByRole('rowheader', { name: KEY }).waitFor();
  expect(await page.getByRole('rowheader').last().innerText()).toBe(KEY);
  expect(await page.getByRole('link', { name: 'Next' }).count()).toBe(0);
  await page.getByRole('link', { name: 'First' }).click();
  await page.getByRole('rowheader', { name: 'user-00' }).waitFor();
});

test('is live: a record that is written shows', async () => {
  const { page, troubles } = await browser.page();
  await page.goto(`${dashboard.url}/data/Teams`);
  await page.getByRole('rowheader', { name: 'red' }).waitFor();
  await app.client.DB.set({ title: 'The blue ones' }, 'blue', Teams);
  await page.getByRole('rowheader', { name: 'blue' }).waitFor();
  await app.client.DB.delete('blue', Teams);
  await page.getByRole('rowheader', { name: 'blue' }).waitFor({ state: 'detached' });
  expect(troubles).toEqual([]);
});

test('finds by key and by a lambda, and tells how', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users`);
  await page.getByLabel('Key', { exact: true }).fill('user-07');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('1 record').waitFor();
  expect(await page.getByRole('rowheader').innerText()).toBe('user-07');
  await page.getByLabel('Key', { exact: true }).fill('nobody');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('Users has no record “nobody”').waitFor();

  const filter = page.getByLabel('or those for which');
  await filter.fill('(u) => u.age >= 57 && u.age < 100');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByText('3 records returned, read through index age').waitFor();
  expect(await page.getByRole('rowheader').allInnerTexts()).toEqual([
    'user-57',
    'user-58',
    'user-59',
  ]);
  expect(await barriers(page)).toEqual([]);
  await filter.fill('u => u.name === "Nobody"');
  await filter.press('Enter');
  await page
    .getByText('No record is so: 0 records returned, read without an index: 61 records read')
    .waitFor();
  await shot('records-query');
  expect(troubles).toEqual([]);
});

test('a lambda that cannot be compiled is told with the place, stays as it was typed, and is never run', async () => {
  const { page, troubles, shot } = await browser.page();
  const text = `u => u.agee > 1 || alert("<b>x</b>")`;
  await page.goto(`${dashboard.url}/data/Users?filter=${encodeURIComponent(text)}`);
  const why = await page.getByRole('alert').innerText();
  expect(why).toContain(`1 | ${text}`);
  expect(why).toMatch(/\^+/);
  expect(await page.getByLabel('or those for which').inputValue()).toBe(text);
  expect(await barriers(page)).toEqual([]);
  await shot('records-refused');
  expect(troubles).toEqual([]);
});

test('a record shows each field by its type, and leads to what it refers to', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users`);
  await page.getByRole('link', { name: KEY }).click();
  await page.getByRole('heading', { name: KEY }).waitFor();
  const fields = page.locator('dl');
  await fields.getByText('2026-01-02T03:04:05.000Z').waitFor();
  await fields.getByRole('img', { name: 'a password' }).waitFor();
  expect(await fields.innerText()).toContain(MARKUP);
  expect(await page.content()).not.toContain(HASH);
  expect(await barriers(page)).toEqual([]);
  await shot('record');
  await fields.getByRole('link', { name: 'red' }).click();
  await page.getByText('The red ones').waitFor();
  expect(troubles).toEqual([]);
});

test('a record is edited as JSON: what is wrong is told by field and stays typed; the password stays', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users/user-01`);
  await page.getByRole('link', { name: 'Edit…' }).click();
  const json = page.getByLabel('The record as JSON');
  const before = await json.inputValue();
  await json.fill(before.replace('"age": 1,', '"age": "one",'));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Expected Int for Users.age, got String').waitFor();
  expect(await json.inputValue()).toContain('"age": "one"');
  expect(await barriers(page)).toEqual([]);
  await shot('record-edit');
  await json.fill('{');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('This is no JSON').waitFor();
  await json.fill(before.replace('"age": 1,', '"age": 101,'));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Written 2 times').waitFor();
  const after = await app.client.DB.get('user-01', Users);
  expect(after).toEqual({ ...user('User 1', 101), secret: after?.secret });
  expect(HashedPassword.reveal(after?.secret as HashedPassword)).toBe(HASH);
  // 422 is what the browser was told for the two that were refused
  expect(troubles.filter((trouble) => !trouble.includes('422'))).toEqual([]);
});

test('an edit does not overwrite what somebody else has written meanwhile', async () => {
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users/user-02?do=edit`);
  const json = page.getByLabel('The record as JSON');
  const mine = (await json.inputValue()).replace('"age": 2,', '"age": 22,');
  await app.client.DB.set(user('Renamed', 2), 'user-02', Users);
  await json.fill(mine);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('It was changed meanwhile').waitFor();
  await page.locator('dd', { hasText: 'Renamed' }).waitFor();
  expect(await json.inputValue()).toContain('"age": 22');
  expect(await app.client.DB.get('user-02', Users)).toMatchObject({ name: 'Renamed', age: 2 });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Written 3 times').waitFor();
  expect(await app.client.DB.get('user-02', Users)).toMatchObject({ name: 'User 2', age: 22 });
});

test('a record is deleted only if its key is typed', async () => {
  const { page } = await browser.page();
  await page.goto(`${dashboard.url}/data/Users/user-03`);
  await page.getByRole('link', { name: 'Delete…' }).click();
  await page.getByLabel('type its key').fill('user-30');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Delete record' }).click();
  await page.getByText('Nothing was deleted').waitFor();
  expect(await app.client.DB.get('user-03', Users)).toBeDefined();
  await page.getByLabel('type its key').fill('user-03');
  await page.getByRole('button', { name: 'Delete record' }).click();
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  expect(await page.getByRole('rowheader', { name: 'user-03' }).count()).toBe(0);
  expect(await app.client.DB.get('user-03', Users)).toBeUndefined();
});

test('with a token for looking only nothing can be edited or deleted', async () => {
  const { page } = await browser.page();
  await page.goto(`${readOnly.url}/data/Users/user-04?do=edit`);
  await page.getByLabel('Token').fill('only-look');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'user-04' }).waitFor();
  expect(await page.getByRole('link', { name: /Edit|Delete/ }).count()).toBe(0);
  expect(await page.getByLabel('The record as JSON').count()).toBe(0);
  const status = await page.evaluate<number>(
    `fetch(location.pathname, { method: 'POST', body: new URLSearchParams({ do: 'delete', confirm: 'user-04' }) }).then((r) => r.status)`,
  );
  expect(status).toBe(403);
  expect(await app.client.DB.get('user-04', Users)).toBeDefined();
});

test('an empty one shows how to store a record; an unknown one is told with the nearest', async () => {
  const { page } = await browser.page({ viewport: { width: 390, height: 800 } });
  await page.goto(`${dashboard.url}/data/Empty`);
  await page.getByText(`await DB.set({ at: new Date(), n: 0 }, 'key', Empty);`).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.goto(`${dashboard.url}/data/Usrs`);
  await page.getByText('did you mean "Users"?').waitFor();
  await page.goto(`${dashboard.url}/data/Users/nobody`);
  await page.getByText('Users has no record "nobody"').waitFor();
});
