import { isBytes, isDate } from '../shared/storable';

/** A value as JSON that other languages can read: dates and large numbers as texts, bytes in base64, no password. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (isBytes(value)) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return Array.from(value, plainJson);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return (value as { toJSON: () => unknown }).toJSON();
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, plainJson(member)]));
}
