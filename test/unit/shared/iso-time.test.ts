import { momentOf, momentOrDayOf } from '../../../src/shared/iso-time';

test.each([
  '2026-11-22T00:30Z',
  '2026-11-22T00:30:01.5+02:00',
  new Date(8.64e15).toISOString(),
  new Date(-8.64e15).toISOString(),
])('%s is a moment', (text) => {
  expect(momentOf(text)).toEqual(new Date(text));
  expect(momentOrDayOf(text)).toEqual(new Date(text));
});

test.each(['2026-11-22T00:30', '2026', '2026-13-01T00:00Z', '', 'x2026-11-22T00:30Z', 5, null])(
  '%j is none: it says no moment, or not of which zone',
  (value) => {
    expect(momentOf(value)).toBeUndefined();
    expect(momentOrDayOf(value)).toBeUndefined();
  },
);

test('a day is a moment only where that is asked for', () => {
  expect(momentOf('2026-11-22')).toBeUndefined();
  expect(momentOrDayOf('2026-11-22')).toEqual(new Date('2026-11-22T00:00Z'));
});
