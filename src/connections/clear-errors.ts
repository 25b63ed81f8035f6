import type { ResolvedConfig } from '../config';
import { NightshiftError } from '../shared/errors';
import { clearError } from './mongodb-unavailable';
import { temporalAway } from './temporal';

export interface Connections {
  readonly temporal: ResolvedConfig['temporal'];
  readonly isClosed: () => boolean;
}

/**
 * The same object, whose methods reject with an error of ours where a server is away: code `mongodb_unavailable` or
 * `temporal_unreachable`; or where the connections are closed: code `usage`. So do those of the objects in it, and of the
 * objects and lists that they give.
 */
export function withClearErrors<T extends object>(object: T, connections: Connections): T {
  const rethrow = async (error: unknown): Promise<never> => {
    throw await inOurWords(error, connections);
  };

  const clear = <V>(value: V): V => {
    if (hasMethods(value)) return withClearErrors(value, connections);
    return isIterable(value) ? (iterating(value) as V) : value;
  };

  async function* iterating(values: AsyncIterable<unknown>): AsyncGenerator {
    try {
      yield* values;
    } catch (error) {
      await rethrow(error);
    }
  }

  const clearly =
    (method: Method): Method =>
    (...args) => {
      const result = method(...args);
      return result instanceof Promise ? result.then(clear, rethrow) : clear(result);
    };

  const members = Object.entries(object).map(([name, member]: [string, unknown]) => [
    name,
    isMethod(member) ? clearly(member) : clear(member),
  ]);
  return Object.fromEntries(members) as T;
}

type Method = (...args: unknown[]) => unknown;

const isMethod = (value: unknown): value is Method => typeof value === 'function';

/** Handles do, data do not. */
const hasMethods = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.values(value).some(isMethod);

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function inOurWords(error: unknown, { temporal, isClosed }: Connections): Promise<unknown> {
  if (error instanceof NightshiftError) return error;
  if (isClosed())
    return new NightshiftError('usage', 'The client was closed', {
      cause: error,
      remedies: ['close it when nothing asks it any more'],
    });
  return (await temporalAway(temporal, error)) ?? clearError(error);
}
