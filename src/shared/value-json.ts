import { HashedPassword } from './password';
import { isBytes, isDate } from './storable';

/**
 * JSON that keeps what JSON drops. Only values that need it are written this way, so a plain value stays plain JSON.
 * A special value is an object with one member whose name starts with `$`; a user's own name that starts with `$` gets
 * one `$` more, so the two never meet.
 */
export function toTagged(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $bigint: value.toString() };
    case 'number':
      if (Object.is(value, -0)) return { $number: '-0' };
      return Number.isFinite(value) ? value : { $number: String(value) };
    case 'object':
      return value === null ? null : objectToTagged(value);
    default:
      return value;
  }
}

function objectToTagged(value: object): unknown {
  if (isDate(value)) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (isBytes(value)) return { $bytes: toBase64(value) };
  if (value instanceof HashedPassword) return { $password: HashedPassword.reveal(value) };
  // Array.from, unlike map, visits holes: they come back as undefined
  if (Array.isArray(value)) return Array.from(value, toTagged);
  const tagged: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    put(tagged, key.startsWith('$') ? `$${key}` : key, toTagged(member));
  }
  return tagged;
}

/** The inverse of `toTagged`. */
export function fromTagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(fromTagged);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 1 && entries[0] !== undefined) {
    const [tag, content] = entries[0];
    const decode = SPECIAL[tag];
    if (decode !== undefined) return decode(content);
  }
  const object: Record<string, unknown> = {};
  for (const [key, member] of entries) {
    put(object, key.startsWith('$$') ? key.slice(1) : key, fromTagged(member));
  }
  return object;
}

const SPECIAL: Readonly<Record<string, ((content: unknown) => unknown) | undefined>> =
  Object.assign(Object.create(null) as Record<string, never>, {
    $undefined: () => undefined,
    $bigint: (text: string) => BigInt(text),
    $number: (text: string) => Number(text),
    $date: (iso: string | null) => new Date(iso ?? Number.NaN),
    $bytes: fromBase64,
    $password: (hash: string) => new HashedPassword(hash),
  });

/** Sets a member even where its name is `__proto__`, which an assignment would take for the prototype. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    object[key] = value;
  }
}

// The sandbox has neither Buffer nor atob, so base64 is spelled out here.
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    text += DIGITS.charAt(group >> 18) + DIGITS.charAt((group >> 12) & 63);
    text += left > 1 ? DIGITS.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? DIGITS.charAt(group & 63) : '=';
  }
  return text;
}

function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let group = 0;
  let at = 0;
  for (let i = 0; i < digits.length; i++) {
    group = (group << 6) | (VALUES.get(digits.charAt(i)) ?? 0);
    if (i % 4 === 3) {
      bytes[at++] = (group >> 16) & 255;
      bytes[at++] = (group >> 8) & 255;
      bytes[at++] = group & 255;
      group = 0;
    }
  }
  if (digits.length % 4 === 3) {
    bytes[at++] = (group >> 10) & 255;
    bytes[at] = (group >> 2) & 255;
  } else if (digits.length % 4 === 2) {
    bytes[at] = (group >> 4) & 255;
  }
  return bytes;
}
