import fc from 'fast-check';
import { fromNote, toNote } from '../../../src/crons/pause-note';

const AT = new Date(Date.UTC(2026, 0, 1, 10));

test('a note says by whom, when and why, for people', () => {
  expect(toNote({ reason: 'the warehouse is down', by: 'ops' }, AT)).toBe(
    'paused by ops at 2026-01-01T10:00:00.000Z: the warehouse is down',
  );
  expect(toNote({}, AT)).toBe('paused at 2026-01-01T10:00:00.000Z');
});

test('it is read back as it was written', () => {
  const text = fc.string({ unit: 'grapheme' });
  const by = text.filter((name) => !/ at \d/.test(name));
  fc.assert(
    fc.property(
      fc.record({ reason: text, by }, { requiredKeys: [] }),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      (options, at) => expect(fromNote(toNote(options, at))).toEqual({ ...options, at }),
    ),
    { seed: 6 },
  );
});

test('a reason may look like a note', () => {
  const options = { by: 'ops', reason: toNote({ by: 'eva', reason: 'why' }, new Date(0)) };
  expect(fromNote(toNote(options, AT))).toEqual({ ...options, at: AT });
});

test.each([
  ['for the holidays', { reason: 'for the holidays' }],
  ['paused by me at noon', { reason: 'paused by me at noon' }],
  ['', {}],
  [undefined, {}],
])('another note is the reason: %p', (note, paused) => {
  expect(fromNote(note)).toEqual(paused);
});
