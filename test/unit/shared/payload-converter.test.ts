import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import { payloadConverter } from '../../../src/shared/payload-converter';
import { expectExactly } from '../../support/exactly';
import { jsonValue, storableValue } from '../../support/storable-values';

const text = (bytes: Uint8Array | null | undefined): string =>
  new TextDecoder().decode(bytes ?? undefined);
const metadata = (payload: Payload): Record<string, string> =>
  Object.fromEntries(Object.entries(payload.metadata ?? {}).map(([k, v]) => [k, text(v)]));
const plainPayload = (json: string): Payload => ({
  metadata: { encoding: new TextEncoder().encode('json/plain') },
  data: new TextEncoder().encode(json),
});
const roundTrip = (value: unknown): unknown =>
  payloadConverter.fromPayload(payloadConverter.toPayload(value));

test('gives back every storable value exactly', () => {
  fc.assert(
    fc.property(storableValue, (value) => expectExactly(roundTrip(value), value)),
    { numRuns: 1000 },
  );
});

test('writes what JSON carries as JSON does, byte for byte, without a mark of ours', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const payload = payloadConverter.toPayload(value);
      expect(text(payload.data)).toBe(JSON.stringify(value));
      expect(metadata(payload)).toEqual({ encoding: 'json/plain' });
    }),
  );
});

test('marks what JSON alone would lose', () => {
  const payload = payloadConverter.toPayload({ at: new Date(0) });
  expect(metadata(payload)).toEqual({ encoding: 'json/plain', format: 'nightshift' });
  expect(text(payload.data)).toBe('{"at":{"$date":"1970-01-01T00:00:00.000Z"}}');
});

test.each([
  '{"$date":"2026-01-01T00:00:00.000Z"}',
  '{"$undefined":true}',
  '{"$bigint":"1"}',
  '{"$$date":"x"}',
  '[{"$bytes":"AAAA"}]',
])('leaves %s from a program that is not ours untouched', (json) => {
  expectExactly(payloadConverter.fromPayload(plainPayload(json)), JSON.parse(json));
});

test('turns the holes of a list into undefined', () => {
  // eslint-disable-next-line no-sparse-arrays -- the hole is what is tested
  expectExactly(roundTrip([1, , 3]), [1, undefined, 3]);
});

test.each([undefined, new Uint8Array(), new Uint8Array([0, 255]), null])(
  'gives back %p at the top',
  (value) => expectExactly(roundTrip(value), value),
);

class Account {
  readonly owner = 'paul';
}
const cyclic: Record<string, unknown> = {};
cyclic['a'] = [cyclic];

test.each<[string, unknown, string]>([
  ['a function', { call: () => 1 }, 'value.call is a function'],
  ['a symbol', [Symbol('s')], 'value[0] is a symbol'],
  ['a Map', { a: { b: new Map() } }, 'value.a.b is a Map'],
  ['a Set', [1, new Set()], 'value[1] is a Set'],
  ['an Error', { e: new Error('x') }, 'value.e is a Error'],
  ['an instance of a class', { account: new Account() }, 'value.account is an instance of Account'],
  ['a promise', Promise.resolve(1), 'value is a Promise'],
  ['a cycle', cyclic, 'value.a[0] contains itself'],
  ['a symbol as key', { a: { [Symbol('k')]: 1 } }, 'value.a has a symbol as key'],
])('refuses %s, naming its place', (_what, value, problem) => {
  expect(() => payloadConverter.toPayload(value)).toThrow(`Cannot be stored: ${problem};`);
});

test('stores one object that stands in two places', () => {
  const twice = { a: 1 };
  expectExactly(roundTrip([twice, twice]), [{ a: 1 }, { a: 1 }]);
});
