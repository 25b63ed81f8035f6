import { isDeepStrictEqual } from 'node:util';
import { ValueError } from '@temporalio/common';
import fc from 'fast-check';
import { payloadConverter } from '../../../src/shared/payload-converter';
import type { Edge } from '../edge';
import { odd, texts } from '../texts';

/** What can be stored comes back as it was; what cannot is refused. */
export const values: Edge = {
  name: 'payload converter: values',
  share: 350,
  inputs: fc.oneof(
    odd,
    fc.anything({
      ...{ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true },
      ...{ withMap: true, withSet: true, withSparseArray: true, withObjectString: true },
    }),
  ),
  try(value) {
    let payload;
    try {
      payload = payloadConverter.toPayload(value);
    } catch (error) {
      if (error instanceof ValueError) return;
      throw error;
    }
    const back = payloadConverter.fromPayload<unknown>(payload);
    if (!isDeepStrictEqual(plain(back), plain(value)))
      throw new Error('another value came back than was stored');
  },
};

/** Prototypes and holes are not kept, and say so in the documentation. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return ['date', value.getTime()]; // an invalid one is not equal to itself
  if (value instanceof Uint8Array) return value;
  return Object.entries(value).map(([name, member]) => [name, plain(member)]);
}

interface Raw {
  readonly data: string;
  readonly format: string;
}

/** What is in a history may have been written by anybody: a value, or an error that can be told. */
export const payloads: Edge<Raw> = {
  name: 'payload converter: payloads',
  share: 200,
  inputs: fc.record({
    data: fc.oneof(
      odd.map((value) => JSON.stringify(value) ?? ''),
      texts,
      fc
        .tuple(
          fc.constantFrom('$bigint', '$date', '$bytes', '$password', '$number', '$undefined'),
          odd,
        )
        .map(([tag, content]) => JSON.stringify({ [tag]: content })),
    ),
    format: fc.constantFrom('nightshift', 'other', ''),
  }),
  try({ data, format }) {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    try {
      payloadConverter.fromPayload({
        metadata: { encoding: bytes('json/plain'), format: bytes(format) },
        data: bytes(data),
      });
    } catch (error) {
      if (!(error instanceof Error))
        throw new Error('what was thrown is no error', { cause: error });
    }
  },
};
