import type { CronDescription } from 'nightshift/client';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const report = cron('report', { cron: '0 9 * * MON', timezone: 'Europe/Berlin' }, { description: 'Totals' },
    async (event, info) => ({ event, due: info.scheduledAt }));
  export const purge = cron('purge', 'Daily', async () => { throw new Error('disk full'); });
  export const slow = cron('slow', { every: 1000 }, async () => { await sleep('1 hour'); });
  export const slowToo = cron('slowToo', { every: 1000 }, { overlap: 'allow' }, async () => { await sleep('1 hour'); });
  export const next = cron('next', { every: 1000 }, { overlap: 'buffer-one' }, async () => { await sleep('1 hour'); });
  export const worked = worker('worked', async () => 1);
`),
  { retryDelay: 1 },
);
const get = (name: string): Promise<CronDescription> => app.client.crons.get(name);

test('a cron is described: when it runs, its next five times, and that it has not run', async () => {
  const { next, ...rest } = await get('report');
  expect(rest).toEqual({
    name: 'report',
    when: '0 9 * * MON (Europe/Berlin)',
    state: 'run',
    runs: [],
    skipped: 0,
  });
  expect(next).toHaveLength(5);
  for (const time of next) {
    const text = time.toLocaleString('en-GB', {
      timeZone: 'Europe/Berlin',
      weekday: 'long',
      hour: '2-digit',
      minute: '2-digit',
    });
    expect(text).toBe('Monday 09:00');
  }
  expect([...next].sort((a, b) => a.getTime() - b.getTime())).toEqual(next);
});

test('its runs are events, with what became of them', async () => {
  const { runs } = await until(
    () => get('purge'),
    ({ runs }) => runs[0]?.status === 'error',
  );
  expect(runs).toHaveLength(1);
  const [run] = runs;
  expect(run).toMatchObject({ handler: 'purge', status: 'error' });
  expect((await app.client.events.get(run?.id ?? '').describe()).attempts).toBe(3);
});

test('run-now gives the event, each its own within one second, and moves no time', async () => {
  const before = (await get('report')).next;
  const events = await Promise.all(
    Array.from({ length: 12 }, () => app.client.crons.runNow('report')),
  );
  expect(new Set(events.map(({ id }) => id)).size).toBe(12);
  const values = await Promise.all(events.map((event) => event.result()));
  expect(values).toEqual(Array(12).fill({ event: null, due: undefined }));
  const { next, runs } = await until(
    () => get('report'),
    ({ runs }) => runs.length === 10 && runs.every(({ status }) => status === 'done'),
  );
  expect(next).toEqual(before);
  const ids = events.map(({ id }) => id);
  expect(runs.every(({ id }) => ids.includes(id))).toBe(true);
});

test('a pause says why, by whom and since when; the last one counts; resuming ends it', async () => {
  const before = Date.now();
  await app.client.crons.pause('report', { reason: 'the warehouse is down', by: 'ops' });
  const { state, paused } = await get('report');
  expect({ state, paused }).toEqual({
    state: 'pause',
    paused: { reason: 'the warehouse is down', by: 'ops', at: expect.any(Date) as Date },
  });
  expect(paused?.at?.getTime()).toBeGreaterThanOrEqual(before);
  expect(await (await app.client.crons.runNow('report')).result()).toEqual({ event: null });

  await app.client.crons.pause('report', { by: 'paul' });
  expect((await get('report')).paused).toEqual({ by: 'paul', at: expect.any(Date) as Date });
  await app.client.crons.resume('report');
  expect(await get('report')).not.toHaveProperty('paused');
  await app.client.crons.resume('report'); // is not paused: nothing happens
  expect((await get('report')).state).toBe('run');
});

test('while it is paused no time starts a run, and none is made up for afterwards', async () => {
  await app.client.crons.pause('slowToo');
  const runs = async (): Promise<number> =>
    (await app.temporal.schedule.getHandle(`${app.name}/slowToo`).describe()).info.numActionsTaken;
  const taken = await runs();
  const { next } = await get('purge');
  const { skipped } = await get('slow'); // as often as this one, and not paused
  await until(
    () => get('slow'),
    (slow) => slow.skipped >= skipped + 3,
  );
  expect(await runs()).toBe(taken);
  await app.client.crons.resume('slowToo');
  const after = await until(runs, (count) => count > taken);
  expect(after).toBeLessThanOrEqual(taken + 2);
  expect((await get('purge')).next).toEqual(next);
});

test('overlap: skip leaves out, buffer-one keeps one waiting, allow runs both', async () => {
  const open = async (name: string): Promise<number> =>
    (await app.client.events.list({ handler: name, status: 'new' })).length +
    (await app.client.events.list({ handler: name, status: 'locked' })).length;
  await until(
    () => get('slow'),
    ({ skipped }) => skipped >= 2,
  );
  expect(await open('slow')).toBe(1);
  expect(
    (
      await until(
        () => get('slowToo'),
        ({ runs }) => runs.length >= 3,
      )
    ).skipped,
  ).toBe(0);
  expect(await open('slowToo')).toBeGreaterThanOrEqual(3);

  expect(await open('next')).toBe(1);
  const [first] = (await get('next')).runs;
  await app.client.events.get(first?.id ?? '').cancel();
  const { runs } = await until(
    () => get('next'),
    (cron) => cron.runs.length === 2,
  );
  const [second] = runs;
  // Due while the first still ran: it waited.
  const due = Date.parse(second?.id.slice('next-'.length) ?? '');
  const ended = runs[1]?.endedAt?.getTime() ?? 0;
  expect(due).toBeLessThan(ended);
});

test('the list has them all, by name', async () => {
  const crons = await until(
    () => app.client.crons.list(),
    (found) => found.length === 5,
  );
  expect(crons.map(({ name }) => name)).toEqual(['next', 'purge', 'report', 'slow', 'slowToo']);
  expect(crons.find(({ name }) => name === 'purge')).toMatchObject({
    when: 'Daily',
    state: 'run',
    runs: [{ status: 'error' }],
  });
  const [first] = await app.client.crons.list({ runs: 0 });
  expect(first).toMatchObject({ name: 'next', state: 'run', runs: [] });
});

test.each(['get', 'pause', 'resume', 'runNow'] as const)(
  'what is no cron is not found: %s',
  async (ask) => {
    for (const name of ['nobody', 'worked', 'repo']) {
      await expect(app.client.crons[ask](name)).rejects.toMatchObject({
        name: 'NotFoundError',
        code: 'cron_not_found',
        message: `App "${app.name}" has no cron "${name}"`,
      });
    }
    await expect(app.client.crons[ask]('')).rejects.toMatchObject({ code: 'handler_name_invalid' });
  },
);
