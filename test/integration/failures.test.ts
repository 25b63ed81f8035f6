import type { FailureGroup } from 'nightshift/client';
import { cli } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`const once = { retry: { retries: 0 } };
  export const divide = worker('divide', once, async (n: number) => {
    if (n < 0) throw new RangeError('negative');
    if (n === 0) throw new RangeError('zero');
    return 1 / n;
  });
  export const typed = worker('typed', { event: t.Int }, async (n) => n);
  export const calls = worker('calls', once, async () => {
    await activities<{ send(): Promise<void> }>({ startToCloseTimeout: '5s', retries: 0 }).send();
  });
  export const sleeps = worker('sleeps', async () => sleep('1 day'));
`),
  {
    activities: {
      send: async () => {
        throw new Error('no route');
      },
    },
  },
);

/** Emits, and waits for the end. */
async function run(event: unknown, handler: string, id: string): Promise<void> {
  await (await app.client.emit(event, handler, { id })).result().catch(() => {});
}

let between: Date;

beforeAll(async () => {
  await run(1, 'divide', 'fine');
  await run(-1, 'divide', 'd-1');
  await run(0, 'divide', 'd-2');
  await run('x', 'typed', 't-1');
  between = new Date();
  await run(-2, 'divide', 'd-3');
  await run(null, 'calls', 'c-1');
  const cancelled = await app.client.emit(null, 'sleeps', { id: 's-1' });
  await until(
    () => cancelled.status(),
    (status) => status === 'locked',
  );
  await cancelled.cancel();
  await cancelled.result().catch(() => {});
  await until(
    () => app.client.events.count(),
    ({ error }) => error === 6,
  );
}, 60_000);

const lineOf = (row: number): string =>
  expect.stringMatching(new RegExp(`app\\.ts:${row}:\\d+$`)) as string;

test('puts events together that failed with one error at one line, most first', async () => {
  const [first, ...others] = await app.client.failures.list();
  const { endedAt } = await app.client.events.get('d-3').describe();
  expect(first).toEqual({
    ...{ handler: 'divide', message: 'RangeError: negative', line: lineOf(4) },
    ...{ count: 2, newest: endedAt, ids: ['d-3', 'd-1'] },
  });
  expect(
    others.map(({ newest, ...rest }) => ({ ...rest, isDate: newest instanceof Date })),
  ).toEqual([
    {
      handler: 'calls',
      message: 'no route',
      line: expect.anything() as string,
      count: 1,
      ids: ['c-1'],
      isDate: true,
    },
    {
      handler: 'typed',
      message: expect.stringMatching(/^event_invalid: Expected Int for typed/) as string,
      count: 1,
      ids: ['t-1'],
      isDate: true,
    },
    {
      handler: 'divide',
      message: 'RangeError: zero',
      line: lineOf(5),
      count: 1,
      ids: ['d-2'],
      isDate: true,
    },
  ]);
});

test('only those since a time, only those of a handler, only the newest', async () => {
  const ids = async (filter: object): Promise<string[]> =>
    (await app.client.failures.list(filter)).flatMap((group) => group.ids);
  expect(await ids({ since: between })).toEqual(['c-1', 'd-3']);
  expect(await ids({ since: new Date() })).toEqual([]);
  expect(await ids({ handler: 'typed' })).toEqual(['t-1']);
  expect(await ids({ handler: 'divide', limit: 1 })).toEqual(['d-3']);
  await expect(app.client.failures.list({ since: new Date('soon') })).rejects.toMatchObject({
    code: 'event_invalid',
  });
  await expect(app.client.failures.list({ handler: '' })).rejects.toMatchObject({
    code: 'handler_name_invalid',
  });
});

test('nightshift failures shows them as a table, and as JSON', async () => {
  const { code, out, err } = await cli(['failures', '--name', app.name]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^EVENTS +HANDLER +NEWEST +EVENT +LINE +ERROR\n +2 +divide +\S+ m?s ago +d-3 +\S*app\.ts:4:\d+ +RangeError: negative\n/,
  );
  const json = await cli(['failures', '--name', app.name, '--handler', 'typed', '--json']);
  expect(JSON.parse(json.out)).toMatchObject([{ handler: 'typed', count: 1, ids: ['t-1'] }]);
  expect(await cli(['failures', '--name', app.name, '--since', '2126-01-01'])).toEqual({
    code: 0,
    out: '',
    err: 'no event failed\n',
  });
}, 60_000);

// Last, as it changes what failed.
test('what was redriven is no failure any more, unless it fails again', async () => {
  const list = (): Promise<FailureGroup[]> => app.client.failures.list({ handler: 'typed' });
  const [before] = await list();
  const redrive = await app.client.events.redrive({ handler: 'typed' });
  await redrive.result();
  const [typed] = await until(list, ([now]) => Number(now?.newest) > Number(before?.newest));
  expect(typed).toMatchObject({ count: 1, ids: ['t-1'] });
}, 60_000);
