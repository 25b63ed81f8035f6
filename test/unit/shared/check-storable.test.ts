import { checkStorable } from '../../../src/shared/check-storable';
import { MAX_VALUE_BYTES } from '../../../src/shared/storable';
import { errorWith } from '../../support/error-with';

test('accepts a value of exactly the limit, whatever the bound says', () => {
  expect(() => checkStorable('x'.repeat(MAX_VALUE_BYTES - 2), 'event')).not.toThrow();
});

test('refuses one byte more, saying how many and what to do', () => {
  expect(() => checkStorable('x'.repeat(MAX_VALUE_BYTES - 1), 'event')).toThrow(
    errorWith({
      code: 'value_too_large',
      message: expect.stringMatching(
        /^Cannot be stored: event has 2000001 bytes; expected at most 2000000 \(2 MB\)\. Store it in a datastore/,
      ) as string,
      details: { bytes: 2_000_001, limit: 2_000_000 },
    }),
  );
});

test('names the place of what cannot be stored', () => {
  expect(() => checkStorable({ f: () => 1 }, 'event')).toThrow(
    errorWith({
      code: 'value_not_storable',
      message: expect.stringMatching(/^Cannot be stored: event\.f is a function;/) as string,
    }),
  );
});
