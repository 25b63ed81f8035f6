import fc from 'fast-check';

/** Texts of any UTF-16 units, halves of surrogate pairs among them. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

const anyKey = fc.oneof(
  anyText,
  fc.string().map((text) => `$${text}`),
  fc.constantFrom(
    '__proto__',
    '$',
    '$$',
    '$date',
    '$$date',
    '$undefined',
    '$number',
    'toString',
    '0',
    '',
  ),
);

const objectOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(anyKey, value), { maxLength: 5 }).map((entries) => Object.fromEntries(entries));

const anyDate = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(8.64e15, -8.64e15, 0, -1, Number.NaN).map((ms) => new Date(ms)),
);

const tree = <T>(leaf: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 5 }),
      objectOf(tie('value')),
    ),
  })).value;

/** What JSON carries without loss. */
export const jsonValue = tree(
  fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    anyText,
  ),
);

/** What can be stored at all. */
export const storableValue = tree(
  fc.oneof(
    fc.constantFrom(null, undefined, true, false, -0, Number.NaN, Infinity, -Infinity),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    anyText,
    anyDate,
    fc.uint8Array({ maxLength: 20 }),
  ),
);
