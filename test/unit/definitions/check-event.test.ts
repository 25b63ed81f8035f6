import { checkEvent } from '../../../src/definitions/check-event';
import { t } from '../../../src/definitions/types';
import { worker } from '../../../src/definitions/worker';
import { errorWith } from '../../support/error-with';

const typed = worker('typed', { event: t.Record({ to: t.String }) }, async () => {});
const untyped = worker('untyped', async () => {});

test("gives the handler's name", () => {
  expect(checkEvent({ to: 'x' }, typed)).toBe('typed');
  expect(checkEvent(undefined, untyped)).toBe('untyped');
  expect(checkEvent(5, 'by name')).toBe('by name');
});

test('refuses an event that does not fit the schema of the definition', () => {
  expect(() => checkEvent({ to: 1, cc: 2 }, typed)).toThrow(
    errorWith({
      code: 'event_invalid',
      message: 'Found but did not expect: [cc] & Expected String for typed.to, got Int',
    }),
  );
});

test.each(['', 'nightshift.resume', 'a\n'])('refuses the name %p', (name) => {
  expect(() => checkEvent(null, name)).toThrow(errorWith({ code: 'handler_name_invalid' }));
});
