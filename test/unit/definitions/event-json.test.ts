import fc from 'fast-check';
import { complaintsAbout } from '../../../src/definitions/check-value';
import { eventFromJson, exampleOf } from '../../../src/definitions/event-json';
import { t, type Type } from '../../../src/definitions/types';
import { arbitraryOf } from '../../../src/testing/arbitrary';

const AT = '2026-11-21T15:47:02.578Z';
const event = t.Record({
  at: t.Date,
  maybe: t.optional(t.Date),
  list: t.List(t.Date),
  dict: t.Dict(t.Record({ at: t.Date })),
  text: t.String,
});

test('ISO texts become dates where dates are expected, and nowhere else', () => {
  const json = { at: AT, maybe: AT, list: [AT, '2026-11-21'], dict: { a: { at: AT } }, text: AT };
  expect(eventFromJson(event, json)).toEqual({
    at: new Date(AT),
    maybe: new Date(AT),
    list: [new Date(AT), new Date('2026-11-21')],
    dict: { a: { at: new Date(AT) } },
    text: AT,
  });
  expect(eventFromJson(undefined, json)).toBe(json);
});

test.each([
  [t.Date, 'tomorrow'],
  [t.Date, '2026-13-45'],
  [t.Date, 1_763_740_022_578],
  [t.Date, '1'],
  [t.List(t.Date), { 0: AT }],
  [event, [AT]],
  [event, 'text'],
  [event, null],
])('what does not fit stays as it is: %o %j', (type, json) => {
  expect(eventFromJson(type, json)).toEqual(json);
});

test('a member is only what is its own', () => {
  const json = JSON.parse('{"__proto__":{"at":"2026-11-21"},"constructor":"2026-11-21"}') as object;
  const read = eventFromJson(event, json) as object;
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(JSON.stringify(read)).toBe(JSON.stringify(json));
});

const kinds = [t.String, t.Int, t.Float, t.Bool, t.Date, t.UUID];
const types: fc.Arbitrary<Type> = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...kinds),
    tie('type').map((of) => t.List(of)),
    tie('type').map((of) => t.Dict(of)),
    fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), tie('type'), { maxKeys: 3 })
      .map((fields) => t.Record(fields)),
  ),
})).type;

test('any event of a type comes back from JSON as it was', () => {
  const cases = types.chain((type) => fc.tuple(fc.constant(type), arbitraryOf(type)));
  fc.assert(
    fc.property(cases, ([type, value]) => {
      const json = JSON.parse(JSON.stringify(value)) as unknown;
      // The year after 9999 has another form, -0 none in JSON
      expect(JSON.stringify(eventFromJson(type, json))).toBe(JSON.stringify(value));
      expect(complaintsAbout(type, eventFromJson(type, json), 'it')).toEqual([]);
    }),
    { numRuns: 500, seed: 7 },
  );
});

test('an example is an event of the type', () => {
  fc.assert(
    fc.property(types, (type) => {
      const example = JSON.parse(JSON.stringify(exampleOf(type))) as unknown;
      expect(complaintsAbout(type, eventFromJson(type, example), 'it')).toEqual([]);
    }),
    { numRuns: 300, seed: 7 },
  );
});
