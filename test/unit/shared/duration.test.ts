import {
  type Duration,
  durationMs,
  formatBetween,
  formatDuration,
} from '../../../src/shared/duration';
import { errorWith } from '../../support/error-with';

test.each<[Duration, number]>([
  [0, 0],
  [1500, 1500],
  ['100', 100],
  ['90s', 90_000],
  ['5 minutes', 300_000],
  ['90 minutes', 5_400_000],
  ['1.5 h', 5_400_000],
  ['3 days', 259_200_000],
  ['2 weeks', 1_209_600_000],
])('%p is %d ms', (duration, ms) => expect(durationMs(duration, 'Option "delay"')).toBe(ms));

test.each<unknown>([-1, Number.NaN, Infinity, '', 'soon', '-5 minutes', '5 fortnights', null, {}])(
  '%p is no duration',
  (duration) =>
    expect(() => durationMs(duration as Duration, 'Option "delay"')).toThrow(
      errorWith({
        code: 'duration_invalid',
        message: expect.stringMatching(
          /^Option "delay" must be milliseconds of 0 or more/,
        ) as string,
      }),
    ),
);

test.each<[number, string]>([
  [0, '0 ms'],
  [90, '90 ms'],
  [1500, '1.5 s'],
  [59_900, '59.9 s'],
  [120_000, '2 min'],
  [10_800_000, '3 h'],
  [345_600_000, '4 days'],
])('%d ms reads %p', (ms, text) => expect(formatDuration(ms)).toBe(text));

test('between two times is never less than nothing, also where clocks differ', () => {
  expect(formatBetween(new Date(0), new Date(90_000))).toBe('2 min');
  expect(formatBetween(new Date(90_000), new Date(0))).toBe('0 ms');
});
