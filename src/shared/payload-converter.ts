import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  type Payload,
  type PayloadConverterWithEncoding,
  UndefinedPayloadConverter,
  ValueError,
} from '@temporalio/common';
import { NightshiftError } from './errors';
import { inspectValue } from './storable';
import { fromTagged, toTagged } from './value-json';

const ENCODING = 'json/plain';
/** The encoding of what a key has encrypted. */
export const ENCRYPTED = 'binary/encrypted';
const FORMAT = 'nightshift';
const utf8 = new TextEncoder();
const text = new TextDecoder();
const PLAIN = { encoding: utf8.encode(ENCODING) };
const TAGGED = { encoding: utf8.encode(ENCODING), format: utf8.encode(FORMAT) };

/**
 * Values as JSON. What JSON carries is plain JSON, so the `temporal` CLI can start an event and the Temporal UI shows
 * it; anything more is JSON with tags (see value-json.ts), told apart by the metadata `format`.
 */
class StorableJsonConverter implements PayloadConverterWithEncoding {
  readonly encodingType = ENCODING;

  toPayload(value: unknown): Payload | undefined {
    const { plain, problem } = inspectValue(value, 'value');
    if (problem !== undefined) throw new ValueError(unstorable(problem));
    return plain
      ? { metadata: PLAIN, data: utf8.encode(JSON.stringify(value)) }
      : { metadata: TAGGED, data: utf8.encode(JSON.stringify(toTagged(value))) };
  }

  fromPayload<T>(payload: Payload): T {
    if (payload.data == null) throw new ValueError('Got a payload without data');
    const value: unknown = JSON.parse(text.decode(payload.data));
    const format = payload.metadata?.['format'];
    return (format != null && text.decode(format) === FORMAT ? fromTagged(value) : value) as T;
  }
}

/** What is encrypted comes as far as this only where there is no key: it is decrypted before. */
class EncryptedRefuser implements PayloadConverterWithEncoding {
  readonly encodingType = ENCRYPTED;

  toPayload(): undefined {
    return undefined;
  }

  fromPayload(): never {
    throw new NightshiftError(
      'payload_unreadable',
      'What Temporal stores is encrypted, and NIGHTSHIFT_ENCRYPTION_KEY is not set here',
      { remedies: ['set it to what the worker processes have'] },
    );
  }
}

/** The sentence for a value that cannot be stored; `problem` comes from `inspectValue`. */
export function unstorable(problem: string): string {
  return `Cannot be stored: ${problem}; expected null, booleans, numbers, bigint, strings, Date, Uint8Array, and arrays and plain objects of these`;
}

// The name is Temporal's: it loads this module by path, in Node and inside the sandbox.
export const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new StorableJsonConverter(),
  new EncryptedRefuser(),
);
