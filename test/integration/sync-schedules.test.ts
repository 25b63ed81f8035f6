import type { Client } from '@temporalio/client';
import { cron, type CronOptions, type CronTime } from 'nightshift';
import { syncSchedules } from '../../src/crons/sync-schedules';
import { useApp } from '../support/test-app';

const app = useApp();
const DAY = 86_400;

const sync = (name: string, when: CronTime, options: CronOptions = {}) =>
  syncSchedules(new Map([[name, cron(name, when, options, async () => 1)]]), {
    client: app.temporal,
    app: app.name,
    now: Date.now,
  });
const schedule = (name: string) => app.temporal.schedule.getHandle(`${app.name}/${name}`);

/** The real client, but before the first update of a schedule it waits for `meanwhile`. */
function interrupted(meanwhile: () => Promise<void>): Client {
  const { temporal } = app;
  const service = Object.create(temporal.workflowService) as typeof temporal.workflowService;
  let first = true;
  const updateSchedule = async (request: never): Promise<unknown> => {
    if (first) await meanwhile();
    first = false;
    return temporal.workflowService.updateSchedule(request);
  };
  Object.assign(service, { updateSchedule });
  return Object.create(temporal, { workflowService: { value: service } }) as Client;
}

test('a pause between the look and the update is not lost, nor is the update', async () => {
  await sync('ticks', { every: '1 hour', offset: 0 });
  const changed = cron('ticks', { every: '2 hours', offset: 0 }, async () => 1);
  const { updated } = await syncSchedules(new Map([['ticks', changed]]), {
    client: interrupted(() => schedule('ticks').pause('in between')),
    app: app.name,
    now: Date.now,
  });
  expect(updated).toEqual(['ticks']);
  const { state, spec } = await schedule('ticks').describe();
  expect(state).toMatchObject({ paused: true, note: 'in between' });
  expect(spec.intervals).toEqual([{ every: 2 * 3_600_000, offset: 0 }]);
});

test('of many processes that start with a new cron at once, one creates it, and it runs once', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => sync('fresh', 'Daily', { description: 'one of eight' })),
  );
  expect(outcomes.flatMap(({ created }) => created)).toEqual(['fresh']);
  expect(outcomes.flatMap(({ updated }) => updated)).toEqual([]);
  const { info } = await schedule('fresh').describe();
  expect(info.recentActions).toHaveLength(1);
});

test('of many that start with a changed one, all end with the same', async () => {
  await Promise.all(Array.from({ length: 8 }, () => sync('fresh', { every: '5 hours' })));
  const { spec, info } = await schedule('fresh').describe();
  expect(spec.intervals).toMatchObject([{ every: 5 * 3_600_000 }]);
  expect(info.recentActions).toHaveLength(1); // a change does not run it
});

test.each([-1, 1])(
  'a clock that is wrong by %d hours moves the times of a new interval, but it runs at once, and once',
  async (hours) => {
    const name = `skewed ${hours}`;
    await syncSchedules(new Map([[name, cron(name, { every: '2 hours' }, async () => 1)]]), {
      client: app.temporal,
      app: app.name,
      now: () => Date.now() + hours * 3_600_000,
    });
    const { info } = await schedule(name).describe();
    expect(info.recentActions).toHaveLength(1);
    expect(Math.abs((info.recentActions[0]?.takenAt.getTime() ?? 0) - Date.now())).toBeLessThan(
      60_000,
    );
    expect(info.nextActionTimes[0]?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  },
);

test.each<[CronTime, CronOptions, number]>([
  ['Hourly', {}, 3600],
  ['Fortnightly', { overlap: 'allow' }, 14 * DAY],
  [{ cron: '0 9 * * MON-FRI' }, {}, 3 * DAY],
  [{ cron: '0 9 * * MON-FRI' }, { overlap: 'allow' }, DAY],
  [{ cron: '* 9-17 * * MON-FRI' }, {}, 2 * DAY + 15 * 3600 + 60],
  [{ cron: '0 0 29 2 *' }, {}, (4 * 365 + 1) * DAY],
  [{ calendar: { hour: [0, 6] } }, {}, 18 * 3600],
  [{ calendar: { hour: [0, 6] } }, { catchup: '1 minute' }, 60],
  [{ cron: '0 9 * * *' }, { jitter: '2 hours' }, DAY],
  [{ every: 1000 }, {}, 10],
])('after an outage one run is made up for: %j %j may start %d s late', async (...args) => {
  const [when, options, seconds] = args;
  await sync('late', when, options);
  expect((await schedule('late').describe()).policies.catchupWindow).toBe(seconds * 1000);
});

test.each<[CronTime, string]>([
  [{ cron: '0 0 30 2 *' }, '"0 0 30 2 *"'],
  [{ cron: '0 12 * * * 2020' }, '"0 12 * * * 2020"'],
  [{ calendar: { dayOfMonth: 31, month: ['FEBRUARY', 'APRIL'] } }, 'its calendar'],
])('a time that never comes is refused: %j', async (when, text) => {
  await expect(sync('odd', when)).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'cron_invalid',
    message: `Cron "odd" would never run: no time to come matches ${text}`,
    details: { cron: 'odd' },
  });
  await expect(schedule('odd').describe()).rejects.toThrow('not found');
});

test.each<[CronTime, string]>([
  [{ calendar: { hour: 25 } }, 'Invalid CalendarSpec component for field hour'],
  [{ cron: '0 9 * *' }, 'does not have 5-7 fields'],
  [{ cron: '61 9 * * *' }, 'Temporal refuses the schedule of cron "odd"'],
])('what Temporal refuses names the cron: %j', async (when, text) => {
  await expect(sync('odd', when)).rejects.toMatchObject({
    code: 'cron_invalid',
    message: expect.stringContaining(text) as string,
    details: { cron: 'odd' },
  });
});
