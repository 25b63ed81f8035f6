import { inspect } from 'node:util';
import type { Payload } from '@temporalio/common';
import { createEncryptionCodec } from '../../../src/connections/encryption-codec';
import { parseEncryptionKeys } from '../../../src/connections/encryption-keys';
import { payloadConverter } from '../../../src/shared/payload-converter';
import { errorWith } from '../../support/error-with';

const base64 = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const OLD = `old:${base64(1)}`;
const NEW = `new:${base64(2)}`;
const codecOf = (text: string) => createEncryptionCodec(parseEncryptionKeys(text));
const text = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? []).toString('latin1');

describe('NIGHTSHIFT_ENCRYPTION_KEY', () => {
  test.each<[string, string]>([
    ['', 'has no key of the form <id>:<base64> at place 1'],
    [base64(1), 'has no key of the form <id>:<base64> at place 1'],
    [`a b:${base64(1)}`, 'has no key of the form <id>:<base64> at place 1'],
    [`${OLD},`, 'has no key of the form <id>:<base64> at place 2'],
    ['s3cret:c2hvcnQ=', 'needs keys of 32 bytes in base64; key "s3cret" has 5'],
    [`${OLD},old:${base64(2)}`, 'has two keys with the id "old"'],
  ])('as "%s" is refused, without showing a key, and with what to do', (value, message) => {
    const parse = (): unknown => parseEncryptionKeys(value);
    expect(parse).toThrow(message);
    expect(parse).toThrow(errorWith({ name: 'ConfigError', code: 'config_invalid' }));
    try {
      parse();
    } catch (error) {
      expect((error as { remedies: string[] }).remedies[0]).toContain('randomBytes(32)');
      expect(inspect(error)).not.toContain(base64(1));
    }
  });

  test('may have several keys, with blanks between, in either alphabet of base64', () => {
    const odd = Buffer.alloc(32, 0xfb);
    const keys = parseEncryptionKeys(`${NEW}, url:${odd.toString('base64url')}`);
    expect(keys.map(({ id }) => id)).toEqual(['new', 'url']);
    expect(keys[1]?.bytes).toEqual(odd);
  });
});

describe('the codec', () => {
  const payloads = [{ mark: 'MARK' }, undefined, new Uint8Array([1, 2, 3]), 'MARK', null].map(
    (value) => payloadConverter.toPayload(value),
  );

  test('gives back what it was given, and shows nothing of it meanwhile', async () => {
    const sealed = await codecOf(OLD).encode(payloads);
    for (const { metadata, data } of sealed) {
      expect(text(metadata?.['encoding'])).toBe('binary/encrypted');
      expect(text(metadata?.['encryption-key-id'])).toBe('old');
      expect(text(data)).not.toMatch(/MARK|json/);
    }
    const opened = await codecOf(OLD).decode(sealed);
    const values = (given: readonly Payload[]): unknown[] =>
      given.map((payload) => payloadConverter.fromPayload(payload));
    expect(values(opened)).toEqual(values(payloads));
  });

  test('seals the same value otherwise each time', async () => {
    const [payload] = payloads as [Payload];
    const sealed = await codecOf(OLD).encode([payload, payload]);
    expect(text(sealed[0]?.data)).not.toBe(text(sealed[1]?.data));
  });

  test('reads with every key, and writes with the first', async () => {
    const before = await codecOf(OLD).encode(payloads);
    const both = codecOf(`${NEW},${OLD}`);
    expect(await both.decode(before)).toHaveLength(payloads.length);
    const after = await both.encode(payloads);
    expect(text(after[0]?.metadata?.['encryption-key-id'])).toBe('new');
    await expect(codecOf(OLD).decode(after)).rejects.toThrow(
      errorWith({
        code: 'payload_unreadable',
        message: 'What Temporal stores needs key "new", and NIGHTSHIFT_ENCRYPTION_KEY has: old',
      }),
    );
  });

  test('reads what was stored before there was a key', async () => {
    expect(await codecOf(OLD).decode(payloads)).toEqual(payloads);
  });

  test.each<[string, (data: Uint8Array) => Uint8Array]>([
    ['changed', (data) => data.map((byte, i) => (i === 40 ? byte ^ 1 : byte))],
    ['with another salt', (data) => data.map((byte, i) => (i === 0 ? byte ^ 1 : byte))],
    ['cut off', (data) => data.subarray(0, 20)],
    ['empty', () => new Uint8Array()],
  ])('refuses what was %s', async (_how, change) => {
    const [sealed] = await codecOf(OLD).encode(payloads);
    const data = change(Buffer.from(sealed?.data ?? []));
    await expect(codecOf(OLD).decode([{ ...sealed, data }])).rejects.toThrow(
      errorWith({ code: 'payload_unreadable' }),
    );
  });

  test('refuses what another key of the same id has sealed', async () => {
    const sealed = await codecOf(`old:${base64(9)}`).encode(payloads);
    await expect(codecOf(OLD).decode(sealed)).rejects.toThrow(/cannot be decrypted with key "old"/);
  });

  test('without a key, what is encrypted says so', async () => {
    const [sealed] = (await codecOf(OLD).encode(payloads)) as [Payload];
    expect(() => payloadConverter.fromPayload(sealed)).toThrow(
      'What Temporal stores is encrypted, and NIGHTSHIFT_ENCRYPTION_KEY is not set here',
    );
  });
});
