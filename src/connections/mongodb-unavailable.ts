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

/** The same object, whose methods reject with code `mongodb_unavailable` when MongoDB is away. */
export function withClearErrors<T extends object>(object: T): T {
  const members = Object.entries(object).map(([name, member]: [string, unknown]) =>
    typeof member === 'function' ? [name, clearly(member as Method)] : [name, member],
  );
  return Object.fromEntries(members) as T;
}

type Method = (...args: unknown[]) => unknown;

const clearly =
  (method: Method): Method =>
  (...args) => {
    const result = method(...args);
    return result instanceof Promise
      ? result.catch((error: unknown) => {
          throw clearError(error);
        })
      : result;
  };
