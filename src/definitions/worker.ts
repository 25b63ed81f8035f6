import { type Duration, durationMs } from '../shared/duration';
import { checkHandlerName } from '../shared/names';
import { checkEventType, DEFINITION, type Definition, definitionInvalid } from './definition';
import type { Type, ValueOf } from './types';

/** What a handler knows about its run. */
export interface EventInfo {
  /** The event's id. */
  readonly id: string;
  /** The name under which the event was emitted. */
  readonly handler: string;
  /** 1 for the first run of the event, 2 for its first retry, and so on. */
  readonly attempt: number;
  readonly emittedAt: Date;
  /** When a cron was due; absent for other events. */
  readonly scheduledAt?: Date;
}

/** What runs for an event. Its value is kept as the event's result: data, at most 2 MB. */
export type Handler<Event = never, Value = unknown> = (
  event: Event,
  info: EventInfo,
) => Promise<Value>;

/** How a failed event is tried again. */
export interface RetryOptions {
  /** How often a failed event is tried again. Default 2. */
  readonly retries?: number;
  /** How long it waits before each. Default 5 minutes. */
  readonly delay?: Duration;
}

/** What may be said of a worker besides its name and handler. */
export interface WorkerOptions<E extends Type = Type> {
  /** What the event must be: types the handler's argument; another value never reaches the handler. */
  readonly event?: E;
  readonly retry?: RetryOptions;
  /** Ends an attempt that takes longer, counting as its failure. Default: none, as a held event may wait for months. */
  readonly timeout?: Duration;
  readonly description?: string;
}

export interface ResolvedHandlerOptions {
  readonly event?: Type;
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly timeoutMs?: number;
  readonly description?: string;
}

/** What `worker` gives: a frozen value, to be exported from the app's module and to be emitted to. */
export interface WorkerDefinition<Event = never, Value = unknown> extends Definition<'worker'> {
  readonly handler: Handler<Event, Value>;
  readonly options: ResolvedHandlerOptions;
  /** True for the one that `onError` made. */
  readonly forErrors?: boolean;
}

/**
 * Defines a worker: `handler` runs once for each event emitted under `name`.
 *
 * A handler that throws is tried again: by default twice, five minutes apart; then the event is an `error`.
 * Export the definition from the app's module: that is what makes it part of the app.
 *
 * @param name 1 to 200 characters, not starting with `nightshift.`
 * @throws {InvalidInputError} code `handler_name_invalid`, `definition_invalid` or `duration_invalid`
 * @example
 * export const sendWelcome = worker('sendWelcome', { event: t.Record({ to: t.String }) }, async (event, info) => {
 *   log.info('welcome', { to: event.to, attempt: info.attempt });
 * });
 */
export function worker<Event, Value>(
  name: string,
  handler: Handler<Event, Value>,
): WorkerDefinition<Event, Value>;
export function worker<E extends Type, Value>(
  name: string,
  options: WorkerOptions<E> & { readonly event: E },
  handler: Handler<ValueOf<E>, Value>,
): WorkerDefinition<ValueOf<E>, Value>;
export function worker<Event, Value>(
  name: string,
  options: WorkerOptions & { readonly event?: never },
  handler: Handler<Event, Value>,
): WorkerDefinition<Event, Value>;
export function worker(
  name: string,
  optionsOrHandler: WorkerOptions | Handler,
  handler?: Handler,
): WorkerDefinition {
  checkHandlerName(name, 'A worker name');
  const options = typeof optionsOrHandler === 'function' ? {} : optionsOrHandler;
  const run = typeof optionsOrHandler === 'function' ? optionsOrHandler : handler;
  if (typeof run !== 'function') {
    throw definitionInvalid(`Worker "${name}" needs a handler function as its last argument`);
  }
  return Object.freeze({
    [DEFINITION]: 'worker' as const,
    name,
    handler: run,
    options: resolveHandlerOptions(options, `worker "${name}"`),
  });
}

export function resolveHandlerOptions(
  options: WorkerOptions,
  where: string,
): ResolvedHandlerOptions {
  const { event, retry = {}, timeout, description } = options;
  const retries = retry.retries ?? 2;
  if (!Number.isSafeInteger(retries) || retries < 0) {
    throw definitionInvalid(
      `Option "retry.retries" of ${where} must be a whole number of 0 or more`,
    );
  }
  if (event !== undefined) checkEventType(event, `Option "event" of ${where}`);
  return Object.freeze({
    ...(event === undefined ? {} : { event }),
    retries,
    retryDelayMs: durationMs(retry.delay ?? '5 minutes', `Option "retry.delay" of ${where}`),
    ...(timeout === undefined
      ? {}
      : { timeoutMs: durationMs(timeout, `Option "timeout" of ${where}`) }),
    ...(description === undefined ? {} : { description }),
  });
}
