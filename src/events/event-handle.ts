import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { NightshiftError, NotFoundError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import type { EventStatus } from '../shared/status';
import { exactStatusOf } from './status';

export interface EventDescription {
  readonly id: string;
  readonly handler: string;
  readonly status: EventStatus;
  readonly emittedAt: Date;
  /** When it may start, or did: later than `emittedAt` for a delayed one. */
  readonly startsAt: Date;
  readonly endedAt?: Date;
}

/** One emitted event, seen from outside. */
export interface EventHandle {
  readonly id: string;
  /** True if `emit` found an event of this id accepted before, and so started nothing. */
  readonly repeated: boolean;
  /** @throws {NotFoundError} code `event_not_found` */
  status(): Promise<EventStatus>;
  /** @throws {NotFoundError} code `event_not_found` */
  describe(): Promise<EventDescription>;
  /**
   * Waits for the end of the event, retries included, and gives the handler's value.
   * @throws {NightshiftError} code `handler_failed` (the message is the handler's own, the cause is kept), `event_invalid`,
   *   `missing` or `cancelled`
   */
  result(): Promise<unknown>;
  /** Asks the event to end: at once where it waits, at its next step where it runs. */
  cancel(): Promise<void>;
}

export interface EventHandleDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

export function createEventHandle(
  id: string,
  deps: EventHandleDeps,
  repeated = false,
): EventHandle {
  const { client, app, now } = deps;
  const workflow = client.workflow.getHandle(workflowIdOf(app, id));
  const find = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw notFound(id, app, error);
      throw error;
    }
  };
  const describe = (): Promise<WorkflowExecutionDescription> => find(() => workflow.describe());
  return {
    id,
    repeated,
    status: async () => exactStatusOf(await describe(), now()),
    describe: async () => descriptionOf(id, await describe(), now()),
    async result() {
      const value = await find(() => outcome(id, workflow.result()));
      // A missing event has no value; neither has many a handler, so only then it is worth asking.
      if (value === undefined && exactStatusOf(await describe(), now()) === 'missing')
        throw missing(id);
      return value;
    },
    async cancel() {
      await find(() => workflow.cancel());
    },
  };
}

function descriptionOf(
  id: string,
  description: WorkflowExecutionDescription,
  now: number,
): EventDescription {
  const { type, startTime, executionTime, closeTime } = description;
  return {
    id,
    handler: type,
    status: exactStatusOf(description, now),
    emittedAt: startTime,
    startsAt: executionTime ?? startTime,
    ...(closeTime === undefined ? {} : { endedAt: closeTime }),
  };
}

async function outcome(id: string, result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    throw errorOfResult(id, error);
  }
}

/** The error of `result()`: the handler's own message, found below what Temporal wraps around it. */
function errorOfResult(id: string, error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  const { cause } = error;
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    return new NightshiftError('cancelled', `Event "${id}" was cancelled`, { cause: error });
  }
  if (cause instanceof ApplicationFailure && cause.type === 'event_invalid') {
    return new NightshiftError('event_invalid', cause.message, { cause });
  }
  const message = cause?.message ?? error.message;
  return new NightshiftError('handler_failed', message, { cause: cause?.cause ?? cause ?? error });
}

function missing(id: string): NightshiftError {
  return new NightshiftError('missing', `Event "${id}" has no handler: it is on the 404 list`);
}

function notFound(id: string, app: string, cause: unknown): NotFoundError {
  return new NotFoundError('event_not_found', `App "${app}" has no event "${id}"`, {
    cause,
    details: { id, app },
    remedies: [
      'finished events are kept for as long as the Temporal namespace keeps closed workflows: 30 days by default',
    ],
  });
}
