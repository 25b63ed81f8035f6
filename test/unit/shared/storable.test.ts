import fc from 'fast-check';
import { HashedPassword } from '../../../src/shared/password';
import { payloadConverter } from '../../../src/shared/payload-converter';
import { inspectValue } from '../../../src/shared/storable';
import { jsonValue, storableValue } from '../../support/storable-values';

const bytes = (value: unknown): number => payloadConverter.toPayload(value).data?.length ?? 0;
const bound = (value: unknown): number => inspectValue(value, 'value').maxBytes;

test('the bound is never below the size in which a value is stored', () => {
  fc.assert(
    fc.property(storableValue, (value) =>
      expect(bound(value)).toBeGreaterThanOrEqual(bytes(value)),
    ),
    { numRuns: 1000 },
  );
});

test.each<[string, unknown]>([
  ['control characters', '\u0000'.repeat(1000)],
  ['half surrogate pairs', '\ud800'.repeat(1000)],
  ['keys that need escapes', { ['\u0001'.repeat(1000)]: 1 }],
  [
    'keys that start with $',
    Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`$${i}`, new Date(i)])),
  ],
  ['extreme dates', [new Date(8.64e15), new Date(-8.64e15), new Date(Number.NaN)]],
  ['long numbers', Array.from({ length: 500 }, () => -1.234567890123456e-300)],
  ['long bigints', [10n ** 500n, -(10n ** 500n)]],
  ['holes', new Array(500)],
  ['a long password hash', [new HashedPassword('x'.repeat(5000))]],
  ['a password hash of control characters', [new HashedPassword('\u0000'.repeat(200))]],
])('the bound holds for %s', (_what, value) => {
  expect(bound(value)).toBeGreaterThanOrEqual(bytes(value));
});

test('a value is plain exactly if JSON gives it back', () => {
  fc.assert(
    fc.property(jsonValue, (value) => expect(inspectValue(value, 'value').plain).toBe(true)),
  );
  for (const value of [-0, Number.NaN, Infinity, undefined, 1n, new Date(0), new Uint8Array(1)]) {
    expect(inspectValue([value], 'value').plain).toBe(false);
  }
});
