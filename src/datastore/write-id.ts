import { createHash, randomBytes } from 'node:crypto';

// A record keeps many; of 72 bits no two are equal by chance.
const BYTES = 9;

/** Names a write: always the same for the same `what`. */
export const writeIdOf = (what: string): string =>
  createHash('sha256').update(what).digest().subarray(0, BYTES).toString('base64url');

/** Names a write that is made once and never repeated. */
export const newWriteId = (): string => randomBytes(BYTES).toString('base64url');
