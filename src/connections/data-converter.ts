import type { DataConverter } from '@temporalio/common';
import { createEncryptionCodec } from './encryption-codec';
import { parseEncryptionKeys } from './encryption-keys';

/** How values become payloads, on both sides: Temporal loads the module by path, in Node and into the bundle. */
export const payloadConverterPath = require.resolve('../shared/payload-converter');

/** How errors become failures where payloads are encrypted, on both sides. */
export const failureConverterPath = require.resolve('../shared/failure-converter');

/** With a key, what Temporal stores of values and errors is encrypted; without, nothing stands in their way. */
export function dataConverterOf(encryptionKey: string | undefined): DataConverter {
  if (encryptionKey === undefined) return { payloadConverterPath };
  const codec = createEncryptionCodec(parseEncryptionKeys(encryptionKey));
  return { payloadConverterPath, failureConverterPath, payloadCodecs: [codec] };
}
