/** Where two values differ, most exactly: numbers by Object.is, members also where undefined. Undefined if nowhere. */
function difference(a: unknown, b: unknown, path = 'value'): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${show(a)} is not ${show(b)}`;
  }
  const [tag, other] = [a, b].map((v) => Object.prototype.toString.call(v));
  if (tag !== other) return `${path}: ${tag} is not ${other}`;
  if (tag === '[object Date]')
    return difference((a as Date).getTime(), (b as Date).getTime(), `${path}.getTime()`);
  if (tag === '[object Uint8Array]')
    return difference([...(a as Uint8Array)], [...(b as Uint8Array)], path);
  const [keys, others] = [memberNames(a), memberNames(b)];
  if (keys.join() !== others.join()) return `${path}: [${keys.join()}] is not [${others.join()}]`;
  for (const key of keys) {
    const found = difference(member(a, key), member(b, key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function expectExactly(actual: unknown, expected: unknown): void {
  expect(difference(actual, expected)).toBeUndefined();
}

// A list counts its holes as elements.
const memberNames = (value: object): string[] =>
  Array.isArray(value) ? Array.from(value, (_, i) => String(i)) : Object.keys(value);

const member = (value: object, key: string): unknown =>
  Object.getOwnPropertyDescriptor(value, key)?.value;

const show = (value: unknown): string =>
  typeof value === 'bigint'
    ? `${value}n`
    : typeof value === 'string'
      ? JSON.stringify(value)
      : String(value);
