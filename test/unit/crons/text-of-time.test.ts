import { textOfTime } from '../../../src/crons/text-of-time';
import { cron, type CronTime } from '../../../src/definitions/cron';

test.each<[CronTime, string]>([
  ['Daily', 'Daily'],
  ['Every12hrs', 'Every12hrs'],
  [{ every: '1 day' }, 'Daily'],
  [{ every: '90 minutes' }, 'every 90 minutes'],
  [{ every: '100 minutes', offset: '1 hour' }, 'every 100 minutes, offset 1 hour'],
  [{ every: 1000, offset: 0 }, 'every 1 second, offset 0 seconds'],
  [{ every: '21 days' }, 'every 3 weeks'],
  [{ cron: '0 9 * * MON', timezone: 'Europe/Berlin' }, '0 9 * * MON (Europe/Berlin)'],
  [{ calendar: { hour: 9, dayOfWeek: 'MONDAY' } }, '{hour:9,dayOfWeek:MONDAY} (UTC)'],
])('%j is "%s"', (when, text) => {
  expect(textOfTime(cron('x', when, async () => {}).when)).toBe(text);
});
