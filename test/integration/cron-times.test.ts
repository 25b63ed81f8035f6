import fc from 'fast-check';
import { cron, type CronTime } from 'nightshift';
import { matchingTimes } from '../../src/crons/matching-times';
import { specOf } from '../../src/crons/schedule-of';
import { useApp } from '../support/test-app';

// What the server makes of a cron's time, asked of the server. Nothing waits, and no clock is turned.
const app = useApp();
const DAY = 86_400_000;

const timesOf = (when: CronTime, from: string | number, to: string | number, now = 0) =>
  matchingTimes(
    app.temporal,
    specOf(
      cron('c', when, async () => {}),
      now,
    ),
    new Date(from),
    new Date(to),
  );
const iso = (times: Date[]): string[] => times.map((time) => time.toISOString().slice(0, 16));

describe('when the clocks change', () => {
  const berlin = (time: string): CronTime => ({ cron: time, timezone: 'Europe/Berlin' });

  test('a daily time stays what the clock on the wall says', async () => {
    expect(iso(await timesOf(berlin('0 9 * * *'), '2027-03-27', '2027-03-30'))).toEqual([
      '2027-03-27T08:00',
      '2027-03-28T07:00',
      '2027-03-29T07:00',
    ]);
  });

  test('a time that the day does not have is left out', async () => {
    expect(iso(await timesOf(berlin('30 2 * * *'), '2027-03-27', '2027-03-30'))).toEqual([
      '2027-03-27T01:30',
      '2027-03-29T00:30',
    ]);
  });

  test('a time that the day has twice runs twice in New York, where the server says so', async () => {
    const when: CronTime = { cron: '30 1 * * *', timezone: 'America/New_York' };
    expect(iso(await timesOf(when, '2027-11-06', '2027-11-09'))).toEqual([
      '2027-11-06T05:30',
      '2027-11-07T05:30',
      '2027-11-07T06:30',
      '2027-11-08T06:30',
    ]);
  });

  test('an interval does not care', async () => {
    const when: CronTime = { every: '12 hours', offset: '1 hour' };
    const times = await timesOf(when, '2027-03-27', '2027-03-30');
    expect(times.slice(1).map((time, i) => time.getTime() - (times[i]?.getTime() ?? 0))).toEqual(
      Array(5).fill(DAY / 2),
    );
  });
});

test('a range that starts at 0 is that one value', async () => {
  const midnight: CronTime = { calendar: { hour: { start: 0 }, dayOfWeek: { start: 'SUNDAY' } } };
  expect(iso(await timesOf(midnight, '2027-01-01', '2027-01-14'))).toEqual([
    '2027-01-03T00:00',
    '2027-01-10T00:00',
  ]);
});

test('an interval runs at the moments that lie whole intervals after the one it counts from', async () => {
  const seconds = fc.integer({ min: 1, max: 30 * 86_400 });
  const moment = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) });
  await fc.assert(
    fc.asyncProperty(seconds, moment, async (every, now) => {
      const start = now - (now % 1000);
      const end = start + 5 * every * 1000;
      const times = await timesOf({ every: every * 1000 }, start - 1000, end, now);
      const expected = Array.from({ length: 6 }, (_, i) => new Date(start + i * every * 1000));
      expect(times).toEqual(expected);
    }),
    { seed: 6, numRuns: 25 },
  );
});

test('a calendar runs at each second whose every field matches, and at no other', async () => {
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.integer({ min, max }),
      fc.record({ start: fc.integer({ min, max }) }),
      fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min: 1, max: 5 }))
        .map(([a, b, step]) => ({ start: Math.min(a, b), end: Math.max(a, b), step })),
    );
  const calendar = fc.record({
    minute: field(0, 59),
    hour: field(0, 23),
    dayOfMonth: field(1, 31),
  });
  const from = Date.UTC(2027, 1, 20);
  const to = from + 14 * DAY;
  await fc.assert(
    fc.asyncProperty(calendar, async (spec) => {
      const expected: Date[] = [];
      for (let time = from + 60_000; time <= to; time += 60_000) {
        const at = new Date(time);
        const fields = [
          [spec.minute, at.getUTCMinutes()],
          [spec.hour, at.getUTCHours()],
          [spec.dayOfMonth, at.getUTCDate()],
        ] as const;
        if (fields.every(([range, value]) => holds(range, value))) expected.push(at);
      }
      const times = await timesOf({ calendar: spec }, from, to);
      expect(iso(times)).toEqual(iso(expected.slice(0, 1000)));
    }),
    { seed: 6, numRuns: 25 },
  );
});

type Range = number | { start: number; end?: number; step?: number };

function holds(range: Range, value: number): boolean {
  if (typeof range === 'number') return value === range;
  const { start, end = start, step = 1 } = range;
  return value >= start && value <= end && (value - start) % step === 0;
}
