import { DEFINITION, definitionInvalid } from './definition';
import { type EventInfo, resolveHandlerOptions, type WorkerDefinition } from './worker';

/** An event that ended in `error`, as the handler of `onError` gets it. */
export interface FailedEvent {
  readonly id: string;
  readonly handler: string;
  /** The event itself; absent if it is so large that it cannot be sent along. */
  readonly event?: unknown;
  readonly error: { readonly message: string; readonly type: string };
  readonly attempts: number;
}

/** What runs for every event that ends in `error`. */
export type ErrorHandler = (failed: FailedEvent, info: EventInfo) => Promise<unknown>;

/** The name of its queue. */
export const ON_ERROR = 'onError';

/**
 * Defines what runs, once, for every event that ends in `error`. It is a worker named `onError`: its runs are events,
 * with retries, a queue that can be paused, and traces. One of them that ends in error itself calls nobody.
 * @throws {InvalidInputError} code `definition_invalid`
 * @example
 * export const alert = onError(async ({ handler, id, error }) => {
 *   log.error('event failed', { handler, id, error: error.message });
 * });
 */
export function onError(handler: ErrorHandler): WorkerDefinition<FailedEvent> {
  if (typeof handler !== 'function') {
    throw definitionInvalid('onError needs a handler function');
  }
  return Object.freeze({
    [DEFINITION]: 'worker' as const,
    name: ON_ERROR,
    handler,
    options: resolveHandlerOptions({}, ON_ERROR),
    forErrors: true,
  });
}
