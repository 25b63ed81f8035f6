import { datastore, DB, emit, flag, Password, sleep, t } from 'nightshift';
import { errorWith } from '../../support/error-with';

const D = datastore('D', { a: t.Int });

test.each<[string, () => unknown]>([
  ['DB.get', () => DB.get('a', D)],
  ['DB.set', () => DB.set({ a: 1 }, 'a', D)],
  ['emit', () => emit(1, 'x')],
  ['sleep', () => sleep(1)],
  ['flag', () => flag('x')],
  ['Password.hash', () => Password.hash('x')],
])('%s outside a handler says so, and where to go', (name, call) => {
  expect(call).toThrow(
    errorWith({
      code: 'usage',
      message: `${name} was called outside a handler`,
      remedies: [expect.stringContaining('nightshift/client')],
    }),
  );
});
