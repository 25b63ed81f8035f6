import { ScheduleOverlapPolicy } from '@temporalio/client';
import { hashOf, HASH, scheduleIdOf, scheduleOf, WHEN } from '../../../src/crons/schedule-of';
import { cron, type CronOptions, type CronTime } from '../../../src/definitions/cron';

const run = async (): Promise<void> => {};
const NOW = Date.UTC(2026, 0, 1, 10, 20, 30, 400);
const of = (when: CronTime, options: CronOptions = {}) =>
  scheduleOf('shop', cron('report', when, options, run), NOW);

test('one cron is one schedule of the app, which starts events of the cron with null', () => {
  const { scheduleId, action } = of('Daily', { description: 'Totals' });
  expect(scheduleId).toBe('shop/report');
  expect(scheduleIdOf('shop', 'report')).toBe('shop/report');
  expect(action).toMatchObject({
    type: 'startWorkflow',
    workflowType: 'report',
    workflowId: 'shop/report',
    taskQueue: 'shop',
    args: [null],
    staticSummary: 'Totals',
    priority: { fairnessKey: 'report' },
  });
});

test.each<[CronTime, object, boolean]>([
  ['Hourly', { intervals: [{ every: 3_600_000, offset: 20 * 60_000 + 30_000 }] }, true],
  [
    { every: '1 hour', offset: '5 minutes' },
    { intervals: [{ every: 3_600_000, offset: 300_000 }] },
    false,
  ],
  [
    { cron: '0 9 * * MON', timezone: 'Europe/Berlin' },
    { cronExpressions: ['0 9 * * MON'], timezone: 'Europe/Berlin' },
    false,
  ],
  [{ calendar: { hour: 9 } }, { calendars: [{ hour: 9 }], timezone: 'UTC' }, false],
])('%p becomes %p; at once: %p', (when, spec, atOnce) => {
  expect(of(when).spec).toEqual(spec);
  expect(of(when).state?.backfill?.length).toBe(atOnce ? 1 : undefined);
  expect(of(when, { jitter: '2 s' }).spec).toEqual({ ...spec, jitter: 2000 });
});

test.each([
  ['skip', ScheduleOverlapPolicy.SKIP],
  ['buffer-one', ScheduleOverlapPolicy.BUFFER_ONE],
  ['allow', ScheduleOverlapPolicy.ALLOW_ALL],
] as const)('overlap %s', (overlap, policy) => {
  expect(of('Daily', { overlap }).policies?.overlap).toBe(policy);
});

test('catches up for one interval, and never for less than Temporal allows', () => {
  expect(of('Hourly').policies?.catchupWindow).toBe(3_600_000);
  expect(of('Hourly', { catchup: '1 s' }).policies?.catchupWindow).toBe(10_000);
});

test.each<[object, object]>([
  [{ hour: { start: 0 } }, { hour: { start: 0, end: 0 } }],
  [{ minute: [{ start: 0, step: 2 }, 5] }, { minute: [{ start: 0, end: 0, step: 2 }, 5] }],
  [{ dayOfWeek: { start: 'SUNDAY' } }, { dayOfWeek: { start: 'SUNDAY', end: 'SUNDAY' } }],
  [
    { hour: { start: 0, end: 6 }, month: '*' },
    { hour: { start: 0, end: 6 }, month: '*' },
  ],
])('a range without an end is one value, which the SDK is told: %j', (calendar, told) => {
  expect(of({ calendar }).spec).toEqual({ calendars: [told], timezone: 'UTC' });
});

test('the hash changes with the definition, and with nothing else', () => {
  const hash = hashOf(cron('a', 'Daily', run));
  expect(hashOf(cron('a', 'Daily', async () => 'other code'))).toBe(hash);
  expect(scheduleOf('x', cron('a', 'Daily', run), NOW + 1).action.memo).toEqual({
    [HASH]: hash,
    [WHEN]: 'Daily',
  });
  const others = [
    cron('a', 'Hourly', run),
    cron('a', { every: '1 day', offset: 1000 }, run),
    cron('a', 'Daily', { overlap: 'allow' }, run),
    cron('a', 'Daily', { catchup: 1 }, run),
    cron('a', 'Daily', { jitter: 1 }, run),
    cron('a', 'Daily', { description: 'x' }, run),
  ].map(hashOf);
  expect(new Set([hash, ...others]).size).toBe(7);
});
