import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const MARKUP = '<b onclick="alert(1)">x</b>';
const folder = useAppFolder();
const once = '{ retry: { retries: 0 } }';
const app = useApp(
  folder.write(`
  export const mail = worker('mail', async (event: unknown) => event);
  export const typed = worker('typed', { event: t.Record({ n: t.Int }) }, async ({ n }) => n);
  export const divide = worker('divide', ${once}, async (n: number) => {
    if (await flag('mended')) return n;
    if (n < 0) throw new RangeError('negative');
    throw new RangeError('negative or ${MARKUP}');
  });
  export const bank = worker('bank', async (event: unknown) => event);
  export const report = cron('report', 'Daily', async () => 'reported');
`),
);
const dashboard = useDashboard(app);
const browser = useBrowser();
const urlOf = (name: string): string => `${dashboard.url}/handlers/${encodeURIComponent(name)}`;

async function ended(event: unknown, handler: string, id: string): Promise<void> {
  await (await app.client.emit(event, handler, { id })).result().catch(() => {});
}

test('a queue is paused, blocked, unblocked and resumed by hand, and the log says who and why', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(urlOf('bank'));
  await page.getByRole('link', { name: 'Pause…' }).click();
  await page.getByLabel('Why is bank paused?').fill(`down ${MARKUP}`);
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(`Paused by dashboard for 0 s: “down ${MARKUP}”`).waitFor();
  for (let i = 0; i < 3; i++) await app.client.emit({ i }, 'bank', { id: `bank-${i}` });
  await page.getByRole('button', { name: 'Resume 3' }).waitFor();
  await page.getByText('New events are held, the oldest for').waitFor();

  await page.getByRole('link', { name: 'Block…' }).click();
  await page.getByLabel('Why is bank blocked?').fill('audit');
  await page.getByRole('button', { name: 'Block' }).click();
  await page.getByText(/^Blocked by dashboard .*“audit”/).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('handler-blocked');
  await page.getByRole('button', { name: 'Unblock 3' }).click();
  await page.waitForURL(/\/operations\/resume\/bank$/);
  await page
    .getByText(/is paused|Held/i)
    .first()
    .waitFor();
  await page.goto(urlOf('bank'));

  await page.getByRole('button', { name: 'Resume 1 first' }).click();
  await page.waitForURL(/\/operations\/resume\/bank$/);
  await page.getByText(/^Done/).waitFor();
  await page.getByRole('link', { name: 'bank' }).click();
  await page.getByRole('link', { name: 'Pause…' }).waitFor();
  const actions = page.locator('#log tbody td:nth-child(2)');
  expect(await actions.allTextContents()).toEqual(
    expect.arrayContaining(['resume', 'canary', 'unblock', 'block', 'pause']),
  );
  expect(await page.locator('main b[onclick]').count()).toBe(0);
  expect(troubles).toEqual([]);
}, 90_000);

test('failures stand together by message and line, and a redrive takes those alone', async () => {
  await ended(-1, 'divide', 'n-1');
  await ended(-2, 'divide', 'n-2');
  await ended(0, 'divide', 'z-1');
  await until(
    () => app.client.events.count({ handler: 'divide' }),
    ({ error }) => error === 3,
  );
  const { page, troubles, shot } = await browser.page();
  await page.goto(urlOf('divide'));
  const negative = page.locator('#failures li', { hasText: '2 events' });
  await negative.getByText('RangeError: negative').waitFor();
  await page.locator('#failures li', { hasText: `negative or ${MARKUP}` }).waitFor();
  expect(await negative.locator('small').textContent()).toMatch(/app\.ts:7:\d+$/);
  await until(
    () => page.locator('#traces tbody tr').count(),
    (rows) => rows === 3,
  );
  expect(await barriers(page)).toEqual([]);
  await shot('handler-failures');

  await app.client.flags.set('mended', true);
  await negative.getByRole('button', { name: 'Redrive 2' }).click();
  await page.waitForURL(/\/operations\/redrive\/divide$/);
  await page.getByText(/^Done, 2 of 2 events/).waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('operation-redrive');
  await untilIs(() => app.client.events.get('n-1').status(), 'done');
  await untilIs(() => app.client.events.get('n-2').status(), 'done');
  expect(await app.client.events.get('z-1').status()).toBe('error');
  await page.getByRole('link', { name: 'divide' }).click();
  await page.locator('#failures').getByText('1 event,').waitFor();
  await page.getByRole('link', { name: 'Open last' }).click();
  await page.waitForURL(/\/events\/z-1$/);
  expect(troubles).toEqual([]);
}, 90_000);

test('an event that fails while the page is open appears among the traces', async () => {
  await app.client.flags.set('mended', false);
  const { page, troubles } = await browser.page();
  await page.goto(urlOf('divide'));
  await page.getByRole('heading', { name: 'Last traces' }).waitFor();
  await ended(-3, 'divide', 'live-1');
  const row = page.locator('#traces tr', { hasText: 'live-1' });
  await row.getByText('error').waitFor();
  expect(troubles).toEqual([]);
});

test('emits an event that is like the newest one, and shows what becomes of it', async () => {
  await ended({ to: 'paul', tags: ['a', MARKUP] }, 'mail', 'mail-1');
  const { page, troubles } = await browser.page();
  await page.goto(urlOf('mail'));
  const field = page.getByLabel('Event, as JSON');
  await until(
    () => field.inputValue(),
    (text) => text.includes('paul'),
  );
  expect(JSON.parse(await field.inputValue())).toEqual({ to: 'paul', tags: ['a', MARKUP] });
  await field.fill('{ "to": "eva" }');
  await page.getByRole('button', { name: 'Emit' }).click();
  await page.waitForURL(/\/events\//);
  await page.getByText(/^Done/).waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  expect(await app.client.events.get(id).result()).toEqual({ to: 'eva' });
  expect(troubles).toEqual([]);
});

test('an event that is no JSON, or not the schema’s, stays as it was typed, with the reason', async () => {
  const { page, troubles } = await browser.page();
  await page.goto(urlOf('mail'));
  await page.getByLabel('Event, as JSON').fill(`{ "to": ${MARKUP} }`);
  await page.getByLabel('after').fill('10 s');
  await page.getByRole('button', { name: 'Emit' }).click();
  await page.getByText('This is no JSON').waitFor();
  expect(await page.getByLabel('Event, as JSON').inputValue()).toBe(`{ "to": ${MARKUP} }`);
  expect(await page.getByLabel('after').inputValue()).toBe('10 s');
  expect(page.url()).toBe(urlOf('mail'));
  expect(await barriers(page)).toEqual([]);
  await page.getByLabel('Event, as JSON').fill('{ "to": 1 }');
  await page.getByLabel('after').fill('soon');
  await page.getByRole('button', { name: 'Emit' }).click();
  await page.getByText('"soon"').waitFor();
  // The browser itself reports the refusal of a form
  expect(troubles.filter((text) => !text.includes('422'))).toEqual([]);
}, 60_000);

test('what is typed is not lost when the page changes', async () => {
  const { page } = await browser.page();
  await page.goto(urlOf('mail'));
  await page.getByLabel('Event, as JSON').fill('{ "mine": true }');
  await page.getByRole('heading', { level: 1 }).click();
  await app.client.queues.pause('mail', { by: 'ops' });
  await page.getByText(/^Paused by ops/).waitFor();
  await app.client.queues.resume('mail');
  await page.getByRole('link', { name: 'Pause…' }).waitFor();
  expect(await page.getByLabel('Event, as JSON').inputValue()).toBe('{ "mine": true }');
});

test('a cron shows its times and runs now', async () => {
  const { page, troubles, shot } = await browser.page();
  await page.goto(urlOf('report'));
  await page.locator('#definition').getByText('Daily').waitFor();
  expect(await page.locator('#definition time').count()).toBe(5);
  expect(await barriers(page)).toEqual([]);
  await shot('handler-cron');
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.waitForURL(/\/events\/report-now-/);
  await page.getByText("'reported'").waitFor();
  await page.getByRole('link', { name: 'report' }).first().click();
  await page.getByRole('link', { name: /^report-\d{4}/ }).click();
  await page.getByText('A cron has no event.').waitFor();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL(/\/events\/report-now-/);
  expect(troubles).toEqual([]);
});

test('the counts lead to the events that they count', async () => {
  const { page } = await browser.page();
  await page.goto(urlOf('divide'));
  await page.getByRole('link', { name: /^failed, 1 h: / }).click();
  await page.waitForURL(/\/events\?handler=divide&status=error$/);
  await page.getByText('z-1').waitFor();
});
