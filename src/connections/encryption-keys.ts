import { ConfigError } from '../shared/errors';

/** One key of `NIGHTSHIFT_ENCRYPTION_KEY`. */
export interface EncryptionKey {
  /** Stands beside what the key has encrypted: by it the right key is found again. */
  readonly id: string;
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;
const ENTRY = /^([\w.-]{1,64}):([A-Za-z0-9+/_-]+={0,2})$/;

const MAKE_ONE =
  "make one with: node -p \"'k1:' + require('crypto').randomBytes(32).toString('base64')\"";

/**
 * The keys of `<id>:<32 bytes in base64>`, several with commas between: the first encrypts, all of them read.
 * @throws {ConfigError} code `config_invalid`; nothing of a key is in it
 */
export function parseEncryptionKeys(text: string): readonly EncryptionKey[] {
  const keys = text.split(',').map((entry, i) => keyOf(entry.trim(), i + 1));
  const twice = keys.find(({ id }, i) => keys.findIndex((other) => other.id === id) !== i);
  if (twice !== undefined)
    throw invalid(`has two keys with the id "${twice.id}": give each an id of its own`);
  return keys;
}

function keyOf(entry: string, number: number): EncryptionKey {
  const [, id, base64] = ENTRY.exec(entry) ?? [];
  if (id === undefined || base64 === undefined)
    throw invalid(`has no key of the form <id>:<base64> at place ${number}`);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== KEY_BYTES)
    throw invalid(`needs keys of ${KEY_BYTES} bytes in base64; key "${id}" has ${bytes.length}`);
  return { id, bytes };
}

const invalid = (what: string): ConfigError =>
  new ConfigError(
    'config_invalid',
    `The encryption key (option "temporal.encryptionKey" or NIGHTSHIFT_ENCRYPTION_KEY) ${what}`,
    { remedies: [MAKE_ONE, 'to change keys, put the new one before the old: <new>,<old>'] },
  );
