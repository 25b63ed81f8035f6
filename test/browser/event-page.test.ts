import type { Page } from 'playwright-core';
import { barriers } from '../support/accessible';
import { useAppFolder } from '../support/app-folder';
import { useBrowser } from '../support/browser';
import { useDashboard } from '../support/dashboard';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const MARKUP = '<img src=x onerror="document.title=\'run\'"><script>alert(1)</script>';
const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const Notes = datastore('Notes', { text: t.String });
  export const note = worker('note', async (event: { text: string }) => {
    log.info('begins', { text: event.text });
    await DB.set({ text: event.text }, 'n1', Notes);
    await Promise.all([sleep(300), sleep(300)]);
    await emit({ of: 'n1' }, told);
    return event.text;
  });
  export const told = worker('told', async () => 'heard');
  export const charge = worker('charge', { retry: { retries: 1, delay: 10 } }, async () => {
    await DB.get('n1', Notes);
    throw new Error('card refused ${MARKUP.replaceAll("'", "\\'")}');
  });
  export const slow = worker('slow', async (event: { ms: number }) => sleep(event.ms));
  export const many = worker('many', { retry: { retries: 0 } }, async () => {
    for (let i = 0; i < 205; i++) await DB.get(String(i), Notes);
    await DB.set({ wrong: 1 } as never, 'n2', Notes);
  });
`),
);
const dashboard = useDashboard(app);
const browser = useBrowser();
const urlOf = (id: string): string => `${dashboard.url}/events/${encodeURIComponent(id)}`;

async function ended(event: unknown, handler: string, id: string): Promise<void> {
  await (await app.client.emit(event, handler, { id })).result().catch(() => {});
}

async function bars(page: Page): Promise<{ name: string; x: number; width: number }[]> {
  const steps = await page.locator('.step').all();
  return Promise.all(
    steps.map(async (step) => {
      const rect = step.locator('rect');
      const [x, width] = await Promise.all([rect.getAttribute('x'), rect.getAttribute('width')]);
      const name = (await step.locator('summary .id').textContent()) ?? '';
      return { name, x: Number.parseFloat(x ?? ''), width: Number.parseFloat(width ?? '') };
    }),
  );
}

test('shows what an event did, in order, and how long each step took', async () => {
  await ended({ text: MARKUP }, 'note', 'note-1');
  const { page, troubles, shot } = await browser.page();
  await page.goto(urlOf('note-1'));
  await page.getByText(/^Done in .*, \d\d:\d\d:\d\d\.$/).waitFor();
  const rows = await bars(page);
  expect(rows.map(({ name }) => name)).toEqual([
    'log.info begins',
    'DB::set Notes "n1"',
    expect.stringMatching(/^sleep/),
    expect.stringMatching(/^sleep/),
    expect.stringMatching(/^Event::emit told/),
  ]);
  const [, set, first, second, emit] = rows;
  const end = ({ x, width }: { x: number; width: number } = { x: 0, width: 0 }): number =>
    x + width;
  expect(first?.x).toBeGreaterThanOrEqual(end(set) - 1);
  expect(Math.abs((first?.x ?? 0) - (second?.x ?? 0))).toBeLessThan(5); // side by side
  expect(emit?.x).toBeGreaterThanOrEqual(end(second) - 1);
  // Payloads full of markup are text
  await page.locator('#facts pre', { hasText: MARKUP }).first().waitFor();
  expect(await page.title()).toBe(`note-1 · ${app.name}`);
  expect(await page.locator('main img, main script').count()).toBe(0);
  // The step that took longest is open; the others open with the keyboard
  expect(await page.locator('.step[open]').count()).toBe(1);
  await page.locator('summary', { hasText: 'DB::set' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.step[open]', { hasText: "argument  'n1'" }).waitFor();
  await page.getByText('nightshift trace save note-1').waitFor();
  expect(await barriers(page)).toEqual([]);
  await shot('event-done');
  await page.locator('dd').getByRole('link', { name: 'told' }).click();
  await page.getByText("'heard'").waitFor();
  await page.locator('dd').getByRole('link', { name: 'note', exact: true }).click();
  await page.getByRole('heading', { name: 'note-1' }).waitFor();
  expect(troubles).toEqual([]);
}, 60_000);

test('shows why an event failed: message, line, code; each attempt; and redrives it', async () => {
  await ended(null, 'charge', 'charge-1');
  const { page, troubles, shot } = await browser.page();
  await page.goto(urlOf('charge-1'));
  await page.getByText(/^Failed after 2 attempts/).waitFor();
  const code = page.locator('#state pre');
  expect(await code.textContent()).toContain(`card refused ${MARKUP}`);
  expect(await code.textContent()).toMatch(/at .*app\.ts:14:\d+/);
  expect(await code.locator('mark').last().textContent()).toContain('throw new Error(');
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(await barriers(page)).toEqual([]);
  await shot('event-failed');
  await page.getByRole('link', { name: 'attempt 1' }).click();
  await page.waitForURL(/a=1/);
  expect(await page.locator('.tabs [aria-current]').textContent()).toContain('attempt 1');
  await page.getByRole('button', { name: 'Redrive' }).click();
  await page.waitForURL(urlOf('charge-1'));
  await until(
    async () => (await app.client.events.get('charge-1').describe()).runs.length,
    (runs) => runs === 4,
  );
  await page.getByText(/^Failed after 2 attempts/).waitFor();
  await until(
    () => page.locator('.tabs a').count(),
    (tabs) => tabs === 4,
  );
  expect(troubles).toEqual([]);
}, 60_000);

test('runs an event once more, as an event of its own', async () => {
  await ended({ text: 'again' }, 'note', 'note-2');
  const { page } = await browser.page();
  await page.goto(urlOf('note-2'));
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('note-2'));
  await page.getByText(/^Done/).waitFor();
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  expect(await app.client.events.get(id).result()).toBe('again');
});

test('follows an event that runs, and cancels it after a question', async () => {
  await app.client.emit({ ms: 600_000 }, 'slow', { id: 'slow-1' });
  const { page, troubles } = await browser.page();
  await page.goto(urlOf('slow-1'));
  await page.getByText(/^Running for/).waitFor();
  await page.getByText('runs', { exact: true }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('link', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel the event' }).click();
  await page.getByText(/^Cancelled/).waitFor();
  expect(await app.client.events.get('slow-1').status()).toBe('error');
  expect(troubles).toEqual([]);
});

test('an event that fails while the page is open shows so, without a reload', async () => {
  await app.client.queues.pause('charge', { by: 'ops', reason: 'bank is down' });
  await app.client.emit(null, 'charge', { id: 'charge-2' });
  const { page, troubles } = await browser.page();
  await page.goto(urlOf('charge-2'));
  await page.getByText(/^Held for .*charge is paused by ops, “bank is down”/).waitFor();
  await app.client.queues.resume('charge');
  await page.getByText(/^Failed after 2 attempts/).waitFor();
  await page.locator('#state mark').first().waitFor();
  await page.getByText('Ended', { exact: true }).waitFor();
  expect(troubles).toEqual([]);
});

test('shows the first 200 steps and the failing one, the rest by a link', async () => {
  await ended(null, 'many', 'many-1');
  const { page } = await browser.page();
  await page.goto(urlOf('many-1'));
  await page.getByText('Steps 1 to 200 of 206.').waitFor();
  expect(await page.locator('.step').count()).toBe(202); // and the failing one, and the error
  await page.locator('.step[open]', { hasText: 'DB::set' }).waitFor();
  await page.getByRole('link', { name: 'The next 6 steps' }).click();
  await page.getByText('Steps 201 to 206 of 206.').waitFor();
}, 60_000);

test('an event that nobody handles leads to the 404 list; one that never was is said not to be', async () => {
  await ended({ a: 1 }, 'nobody', 'nobody-1');
  const { page } = await browser.page();
  await page.goto(urlOf('nobody-1'));
  await page.getByText(/^Missing: no handler had the name nobody/).waitFor();
  const answer = await page.goto(urlOf('never'));
  expect(answer?.status()).toBe(404);
  await page.getByText('has no event "never"').waitFor();
});
