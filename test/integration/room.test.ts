import { datastore, t } from 'nightshift';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';

jest.setTimeout(120_000);
const folder = useAppFolder();
const app = useApp(
  folder.write(`
  type Sized = { size: (text: string) => Promise<number> };
  const { size } = activities<Sized>({ startToCloseTimeout: '60s' });
  export const Texts = datastore('Texts', { text: t.String });
  const LARGE = 1_900_000;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const lengths = (found: ({ text: string } | undefined)[]) =>
    found.reduce((sum, record) => sum + (record?.text.length ?? 0), 0);
  const get = (bytes: number) => DB.get(String(bytes), Texts);

  export const fill = worker('fill', async (sizes: number[]) => {
    for (const bytes of sizes) await DB.set({ text: 'x'.repeat(bytes) }, String(bytes), Texts);
  });
  export const oneAfterAnother = worker('oneAfterAnother', async ([n, bytes]: [number, number]) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += lengths([await get(bytes)]);
    return sum;
  });
  export const sideBySide = worker('sideBySide', async ([n, bytes]: [number, number]) =>
    lengths(await Promise.all(range(n).map(() => get(bytes)))));
  export const scans = worker('scans', async () => {
    const found = [];
    for await (const [, record] of DB.scan(Texts)) found.push(record);
    return lengths(found);
  });
  export const readsAndReturns = worker('readsAndReturns', async (bytes: number) => (await get(bytes))?.text);
  export const largeAndFails = worker('largeAndFails', { retry: { retries: 1 } }, async ({ bytes }: { bytes: number; text: string }, { attempt }) => {
    await get(bytes);
    if (attempt === 1) throw new Error('on purpose');
    return attempt;
  });
  export const passes = worker('passes', async ([n, bytes]: [number, number]) => {
    const sizes = await Promise.all(range(n).map(() => size('x'.repeat(bytes))));
    return sizes.reduce((sum, one) => sum + one, 0);
  });
  export const emits = worker('emits', async ([n, bytes]: [number, number]) =>
    (await Promise.all(range(n).map(() => emit('x'.repeat(bytes), 'nobody')))).length);
  export const limited = worker('limited', { timeout: '2s' }, async () => {
    await Promise.all([get(LARGE), get(LARGE), sleep('1 hour')]);
  });
`),
  { activities: { size: async (text: string) => text.length }, retryDelay: 10 },
);

const Texts = datastore('Texts', { text: t.String });
const raw = useApp('too-much.ts');

const LARGE = 1_900_000;
const value = async (event: unknown, handler: string): Promise<unknown> =>
  (await app.client.emit(event, handler)).result();

beforeAll(() => value([LARGE, 30_000, 3_000], 'fill'));

// Temporal takes 4 MB from one task, and ends the event that gives more.
test.each([
  ['few large', 6, LARGE],
  ['many of a middle size', 400, 30_000],
  ['very many small', 1_500, 3_000],
])('%s records are read, one after another and side by side', async (_, n, bytes) => {
  const [one, side] = await Promise.all([
    value([n, bytes], 'oneAfterAnother'),
    value([n, bytes], 'sideBySide'),
  ]);
  expect(one).toBe(n * bytes);
  expect(side).toBe(n * bytes);
});

test('a datastore of any size is scanned', async () => {
  const before = await app.client.DB.getAll(Texts);
  for (let n = 0; n < 40; n++)
    await app.client.DB.set({ text: 'x'.repeat(300_000) }, `more ${n}`, Texts);
  const all = before.reduce((sum, { text }) => sum + text.length, 0) + 40 * 300_000;
  expect(await value(null, 'scans')).toBe(all);
});

test('what was read may be returned, and need not leave room for the event of a retry', async () => {
  expect(await value(LARGE, 'readsAndReturns')).toHaveLength(LARGE);
  const event = { bytes: LARGE, text: 'x'.repeat(LARGE) };
  expect(await value(event, 'largeAndFails')).toBe(2);
});

test('activities and events are given much, side by side', async () => {
  expect(await value([6, LARGE], 'passes')).toBe(6 * LARGE);
  expect(await value([6, LARGE], 'emits')).toBe(6);
});

// Temporal takes 2,000 at a time, and repeats the task for ever that starts more.
test('more activities than the server takes at a time wait their turn', async () => {
  expect(await value([2_100, 10], 'passes')).toBe(21_000);
});

test('the timeout of a handler ends it also where its steps wait for room', async () => {
  const event = await app.client.emit(null, 'limited');
  await expect(event.result()).rejects.toThrow('Took longer than its timeout of 2 s');
});

test('an event that goes around this, by functions of Temporal itself, ends with an error that says so', async () => {
  const event = await raw.client.emit(6, 'passesRaw');
  const error = {
    code: 'value_too_large',
    message: expect.stringMatching(/more than 4 MB at once/) as string,
  };
  await expect(event.result()).rejects.toMatchObject(error);
  expect(await event.status()).toBe('error');
  const { code: type, message } = error;
  expect((await raw.client.traces.get(event.id)).attempts[0]?.error).toMatchObject({
    type,
    message,
  });
});

test('nothing of this is in a trace', async () => {
  const event = await app.client.emit([3, LARGE], 'sideBySide');
  await event.result();
  const [attempt] = (await app.client.traces.get(event.id)).attempts;
  expect(attempt?.incomplete).toBeUndefined();
  expect(attempt?.steps.map(({ name, args }) => ({ name, args }))).toEqual(
    Array.from({ length: 3 }, () => ({ name: 'DB::get', args: [String(LARGE), 'Texts'] })),
  );
});
