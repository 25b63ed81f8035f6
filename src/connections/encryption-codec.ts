import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { ENCRYPTED } from '../shared/payload-converter';
import { NightshiftError } from '../shared/errors';
import type { EncryptionKey } from './encryption-keys';

const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 32;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const { Payload: PayloadMessage } = temporal.api.common.v1;

/**
 * Encrypts payloads with the first key on their way to Temporal, whole: what they hold and what kind of value it is.
 * Those that no key has encrypted are read as they are: they were stored before there was one.
 */
export function createEncryptionCodec(keys: readonly EncryptionKey[]): PayloadCodec {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const [first] = keys;
  if (first === undefined) throw new Error('An encryption codec needs a key');
  return {
    encode: (payloads) =>
      new Promise((done) => done(payloads.map((payload) => encrypt(payload, first)))),
    decode: (payloads) =>
      new Promise((done) => done(payloads.map((payload) => decrypt(payload, byId)))),
  };
}

export const isEncrypted = ({ metadata }: Payload): boolean =>
  textOf(metadata?.['encoding']) === ENCRYPTED;

function encrypt(payload: Payload, { id, bytes }: EncryptionKey): Payload {
  const salt = randomBytes(SALT_BYTES);
  const { key, iv } = derive(bytes, salt);
  const cipher = createCipheriv(CIPHER, key, iv);
  const sealed = [cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding: Buffer.from(ENCRYPTED), 'encryption-key-id': Buffer.from(id) },
    data: Buffer.concat([salt, ...sealed, cipher.getAuthTag()]),
  };
}

function decrypt(payload: Payload, keys: ReadonlyMap<string, EncryptionKey>): Payload {
  if (!isEncrypted(payload)) return payload;
  const id = textOf(payload.metadata?.['encryption-key-id']);
  const key = keys.get(id);
  if (key === undefined)
    throw unreadable(
      `needs key "${id}", and NIGHTSHIFT_ENCRYPTION_KEY has: ${[...keys.keys()].join(', ')}`,
      'add the key after the others: it then reads what it has encrypted',
    );
  try {
    return PayloadMessage.decode(open(Buffer.from(payload.data ?? []), key));
  } catch (error) {
    throw unreadable(
      `cannot be decrypted with key "${id}": it is another key of that id, or the value was changed`,
      'give each key an id that no other key ever had',
      error,
    );
  }
}

function open(data: Buffer, { bytes }: EncryptionKey): Buffer {
  const { key, iv } = derive(bytes, data.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  const opened = decipher.update(data.subarray(SALT_BYTES, -TAG_BYTES));
  return Buffer.concat([opened, decipher.final()]);
}

/** A key for one payload alone: with random nonces under one key, GCM is safe for some 2^32 of them only. */
function derive(secret: Buffer, salt: Buffer): { readonly key: Buffer; readonly iv: Buffer } {
  const made = Buffer.from(
    hkdfSync('sha256', secret, salt, 'nightshift payload', KEY_BYTES + IV_BYTES),
  );
  return { key: made.subarray(0, KEY_BYTES), iv: made.subarray(KEY_BYTES) };
}

const textOf = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? []).toString();

const unreadable = (why: string, remedy: string, cause?: unknown): NightshiftError =>
  new NightshiftError('payload_unreadable', `What Temporal stores ${why}`, {
    remedies: [remedy],
    ...(cause === undefined ? {} : { cause }),
  });
