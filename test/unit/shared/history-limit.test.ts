import { historyStateOf } from '../../../src/shared/history-limit';

test.each<[number, number, string]>([
  [0, 0, 'fine'],
  [9_999, 39_999_999, 'fine'],
  [10_000, 0, 'long'],
  [39_999, 39_999_999, 'long'],
  [40_000, 0, 'full'],
  [3, 40_000_000, 'full'],
])('%i entries with %i bytes are %s', (events, bytes, state) => {
  expect(historyStateOf(events, bytes)).toBe(state);
});
