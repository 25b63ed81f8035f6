import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { NightshiftError } from '../shared/errors';

/** What a member of a replica set answers while it is no primary, no longer one, or about to end. */
const NO_PRIMARY: ReadonlySet<unknown> = new Set([
  ...[91, 189, 10058, 10107, 11600, 11602, 13435, 13436],
]);

const isAway = (error: unknown): error is Error =>
  error instanceof MongoServerSelectionError ||
  error instanceof MongoNetworkError ||
  (error instanceof MongoServerError && NO_PRIMARY.has(error.code));

/** The driver's error for a server that is away as one of ours; any other as it is. */
export function clearError(error: unknown): unknown {
  if (!isAway(error)) return error;
  return new NightshiftError(
    'mongodb_unavailable',
    `MongoDB does not answer, or has no primary: ${error.message}`,
    {
      cause: error,
      remedies: [
        'see whether it runs at the address of MONGODB_URI and, if it is a replica set, whether it has a primary; then try again',
      ],
    },
  );
}
