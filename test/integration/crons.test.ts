import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const NIGHTLY = `export const nightly = cron('nightly', { cron: '0 3 * * *', timezone: 'Europe/Berlin' }, async () => 'night');\n`;
const tickEvery = (time: string): string =>
  `export const tick = cron('tick', ${time}, async (event, info) => ({ event, info }));\n`;
const path = folder.write(tickEvery(`'EveryMinute'`) + NIGHTLY);
const app = useApp(path);

const schedule = (cron: string) => app.temporal.schedule.getHandle(`${app.name}/${cron}`);

async function schedules(): Promise<string[]> {
  const found: string[] = [];
  for await (const { scheduleId } of app.temporal.schedule.list()) {
    if (scheduleId.startsWith(`${app.name}/`)) found.push(scheduleId.slice(app.name.length + 1));
  }
  return found.sort();
}

test('each cron has a schedule', async () => {
  expect(app.worker.serves.crons.sort()).toEqual(['nightly', 'tick']);
  await until(schedules, (found) => found.length === 2);
  expect(await schedules()).toEqual(['nightly', 'tick']);
  const { spec, policies } = await schedule('nightly').describe();
  expect(spec.timezone).toBe('Europe/Berlin');
  expect(policies.overlap).toBe('SKIP');
});

test('an interval runs at once, as an event whose value is null, and knows when it was due', async () => {
  const [run] = await until(
    () => app.client.events.list({ handler: 'tick', status: 'done' }),
    (runs) => runs.length > 0,
  );
  const { event, info } = (await app.client.events.get(run?.id ?? '').result()) as {
    event: unknown;
    info: { handler: string; scheduledAt: Date; emittedAt: Date; attempt: number; id: string };
  };
  expect(event).toBeNull();
  expect(info).toMatchObject({ handler: 'tick', attempt: 1, id: run?.id });
  expect(info.scheduledAt).toBeInstanceOf(Date);
  expect(Math.abs(info.scheduledAt.getTime() - info.emittedAt.getTime())).toBeLessThan(60_000);
});

test('a cron expression waits for its time', async () => {
  expect(await app.client.events.list({ handler: 'nightly' })).toEqual([]);
});

test('a changed definition updates the schedule, which stays paused if it was', async () => {
  await schedule('tick').pause('by an operator');
  folder.write(tickEvery(`{ every: '7 hours', offset: '1 hour' }`) + NIGHTLY);
  await app.worker.reload();
  const { spec, state } = await schedule('tick').describe();
  expect(spec.intervals).toEqual([{ every: 7 * 3_600_000, offset: 3_600_000 }]);
  expect(state).toMatchObject({ paused: true, note: 'by an operator' });
});

test('an offset of its own takes the place of the moment it counted from, and back again it stays', async () => {
  const intervals = async () => (await schedule('tick').describe()).spec.intervals;
  folder.write(tickEvery(`{ every: '7 hours', offset: '2 hours' }`) + NIGHTLY);
  await app.worker.reload();
  expect(await intervals()).toEqual([{ every: 7 * 3_600_000, offset: 2 * 3_600_000 }]);
  folder.write(tickEvery(`{ every: '7 hours' }, { description: 'often' }`) + NIGHTLY);
  await app.worker.reload();
  expect(await intervals()).toEqual([{ every: 7 * 3_600_000, offset: 2 * 3_600_000 }]);
});

test('an unchanged definition leaves what an operator changed', async () => {
  await schedule('nightly').pause('for the holidays');
  await app.worker.reload();
  expect((await schedule('nightly').describe()).state).toMatchObject({
    paused: true,
    note: 'for the holidays',
  });
});

test('several worker processes that start at once agree', async () => {
  folder.write(
    tickEvery(`'Daily'`) + NIGHTLY + `export const more = cron('more', 'Weekly', async () => 1);\n`,
  );
  await Promise.all([app.startWorker({}), app.startWorker({})]);
  await until(schedules, (found) => found.length === 3);
  expect(await schedules()).toEqual(['more', 'nightly', 'tick']);
  expect((await schedule('tick').describe()).spec.intervals).toMatchObject([
    { every: 24 * 3_600_000 },
  ]);
  const runs = await until(
    () => app.client.events.list({ handler: 'more' }),
    (found) => found.length > 0,
  );
  expect(runs).toHaveLength(1);
});

test('a cron that is gone takes its schedule with it, unless it is paused', async () => {
  folder.write(NIGHTLY);
  await app.worker.reload();
  await until(schedules, (found) => found.join() === 'nightly,tick');
  const { state, gone } = await app.client.crons.get('tick');
  expect({ state, gone }).toEqual({ state: 'pause', gone: true });
  expect(await app.client.crons.get('nightly')).not.toHaveProperty('gone');

  folder.write(tickEvery(`'Daily'`) + NIGHTLY);
  await app.worker.reload();
  const back = await app.client.crons.get('tick');
  expect(back).toMatchObject({ state: 'pause', paused: { reason: 'by an operator' } });
  expect(back).not.toHaveProperty('gone');

  await app.client.crons.resume('tick');
  folder.write(NIGHTLY);
  await app.worker.reload();
  await until(schedules, (found) => found.join() === 'nightly');
});

test('schedules: false leaves them as they are', async () => {
  folder.write(`export const other = worker('other', async () => 1);\n`);
  await app.startWorker({ schedules: false });
  expect(await schedules()).toEqual(['nightly']);
});

test('a changed time that never comes leaves the cron as it was', async () => {
  const at = (expression: string) =>
    folder.write(`export const even = cron('even', { cron: '${expression}' }, async () => 1);\n`);
  at('0 2 * * *');
  await app.worker.reload();
  const before = (await schedule('even').describe()).info.nextActionTimes;
  at('0 0 30 2 *');
  await expect(app.worker.reload()).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'cron_invalid',
    message: 'Cron "even" would never run: no time to come matches "0 0 30 2 *"',
  });
  expect((await schedule('even').describe()).info.nextActionTimes).toEqual(before);
});

test.each(['not a cron', '99 99 * * *'])(
  'a time that Temporal refuses is an error that names the cron: %s',
  async (expression) => {
    folder.write(`export const odd = cron('odd', { cron: '${expression}' }, async () => 1);\n`);
    await expect(app.startWorker({})).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'cron_invalid',
      message: expect.stringContaining('Temporal refuses the schedule of cron "odd"') as string,
      details: { cron: 'odd' },
    });
  },
);
