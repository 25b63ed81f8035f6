import fc from 'fast-check';

/** Texts that programs trip over. */
const ODD = [
  ...['', ' ', '\0', '\n', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'],
  ...['null', 'undefined', 'NaN', '-0', '1e999', '9007199254740993', 'true', '{}', '[]', '"', "'"],
  ...['../../etc/passwd', '%00', '%', '%zz', '\u202e', '\ud800', '😀', 'İ', 'ß', '\u2028'],
  ...['$set', '$where', '$$ROOT', 'a.b', '.', '..', '/', '//', 'nightshift.resume', 'nightshift.'],
  ...['<script>alert(1)</script>', '${1}', '`', '\\', 'a'.repeat(10_000)],
] as const;

/** Short, long, odd and any. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.array(fc.constantFrom(...ODD), { maxLength: 4 }).map((parts) => parts.join('')),
);

/** JSON with names that reach for prototypes. */
export const odd = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    texts,
    fc.double(),
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(texts, tie('value')), { maxLength: 4 }).map((entries) => ownEntries(entries)),
  ),
})).value;

/** An object with exactly these members, `__proto__` as well. */
function ownEntries(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, value] of entries)
    Object.defineProperty(object, name, {
      ...{ value, enumerable: true, configurable: true, writable: true },
    });
  return object;
}

/** `text` with pieces taken out, put in, and exchanged. */
export const mutated = (originals: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 8 }), texts), { minLength: 1, maxLength: 3 }),
    )
    .map(([text, changes]) =>
      changes.reduce((changed, [at, length, put]) => {
        const from = changed.length === 0 ? 0 : at % changed.length;
        return changed.slice(0, from) + put.slice(0, 40) + changed.slice(from + length);
      }, text),
    );
