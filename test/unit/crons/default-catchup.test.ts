import { defaultCatchupMs } from '../../../src/crons/default-catchup';

const HOUR = 3_600_000;
const at = (...hours: number[]): Date[] => hours.map((hour) => new Date(hour * HOUR));

test.each([
  ['skip', at(0, 24, 48), 24],
  ['skip', at(0, 24, 96, 120), 72],
  ['allow', at(0, 24, 96, 120), 24],
  ['buffer-one', at(0, 24, 96, 120), 24],
  ['skip', at(7), 24],
] as const)('overlap %s: %p may start %d hours late', (overlap, times, hours) => {
  expect(defaultCatchupMs(times, overlap)).toBe(hours * HOUR);
});
