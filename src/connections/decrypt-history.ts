import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { payloadConverter } from '../shared/payload-converter';
import { isEncrypted } from './encryption-codec';

/**
 * Makes a history that was read without Temporal's help as if it had been stored without a key, in place: payloads as
 * well as the messages and stacks of failures. Gives the same object.
 */
export async function decryptHistory<T extends object | null | undefined>(
  history: T,
  client: Client,
): Promise<T> {
  const codec = client.options.loadedDataConverter.payloadCodecs.at(-1);
  if (codec === undefined || history == null) return history;
  const found: Found = { payloads: [], failures: [] };
  search(history, found);
  const decoded = await codec.decode(found.payloads);
  for (const [i, payload] of found.payloads.entries()) {
    payload.metadata = decoded[i]?.metadata ?? null;
    payload.data = decoded[i]?.data ?? null;
  }
  for (const failure of found.failures) reveal(failure);
  return history;
}

interface EncodedFailure {
  message?: string;
  stackTrace?: string;
  encodedAttributes: Payload | null;
}

interface Found {
  readonly payloads: Payload[];
  readonly failures: EncodedFailure[];
}

function search(node: object, found: Found): void {
  if (ArrayBuffer.isView(node)) return;
  if ('encodedAttributes' in node && node.encodedAttributes != null)
    found.failures.push(node as EncodedFailure);
  if ('metadata' in node && 'data' in node && isEncrypted(node as Payload)) {
    found.payloads.push(node as Payload);
    return;
  }
  for (const value of Object.values(node) as unknown[])
    if (typeof value === 'object' && value !== null) search(value, found);
}

function reveal(failure: EncodedFailure): void {
  const { message, stack_trace: stack } = payloadConverter.fromPayload<{
    message?: string;
    stack_trace?: string;
  }>(failure.encodedAttributes as Payload);
  failure.message = message ?? '';
  failure.stackTrace = stack ?? '';
  failure.encodedAttributes = null;
}
