import { payloadConverter } from '../shared/payload-converter';

/** A payload in Temporal's JSON form. */
export function toJsonPayload(value: unknown): unknown {
  const { metadata, data } = payloadConverter.toPayload(value);
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([key, bytes]) => [key, base64(bytes)]),
    ),
    data: base64(data ?? new Uint8Array()),
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
