import { type EmitOptions, resolveEmit } from '../../../src/shared/emit-options';
import { errorWith } from '../../support/error-with';

const NOW = 1_000_000;

test.each<[EmitOptions, object]>([
  [{}, {}],
  [{ id: 'a' }, { id: 'a' }],
  [{ delay: 0 }, {}],
  [{ delay: 50 }, { delayMs: 50 }],
  [
    { delay: '1 minute', id: 'a' },
    { delayMs: 60_000, id: 'a' },
  ],
  [{ at: new Date(NOW + 7) }, { startAt: NOW + 7 }],
  [{ at: new Date(NOW - 7) }, {}],
  [{ delay: '36500 days' }, { delayMs: 36_500 * 86_400_000 }],
])('%p means %p', (options, resolved) => expect(resolveEmit(options, NOW)).toEqual(resolved));

test.each<[EmitOptions, string]>([
  [{ id: '' }, 'event_invalid'],
  [{ delay: 1, at: new Date(NOW) }, 'event_invalid'],
  [{ at: new Date(Number.NaN) }, 'event_invalid'],
  [{ delay: -1 }, 'duration_invalid'],
  [{ delay: 'soon' as never }, 'duration_invalid'],
  [{ delay: '36501 days' }, 'duration_invalid'],
  [{ delay: Infinity }, 'duration_invalid'],
  [{ at: new Date(8.64e15) }, 'duration_invalid'],
  [{ at: '2026-01-01' as never }, 'event_invalid'],
  [{ at: null as never }, 'event_invalid'],
])('%p is refused with %s', (options, code) =>
  expect(() => resolveEmit(options, NOW)).toThrow(errorWith({ code })),
);
