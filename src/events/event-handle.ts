import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { NightshiftError, NotFoundError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import type { Held } from '../queues/held';
import type { Rules } from '../queues/rules';
import type { Rule } from '../shared/rules';
import type { FailedAttempt, Retry } from '../shared/retry';
import type { EventStatus } from '../shared/status';
import { readFailure, readInput } from './attempts';
import { type EventRun, runsOf } from './runs';
import { type StuckTask, stuckTaskOf } from './stuck-task';
import { exactStatusOf } from './status';
import { tooMuchAtOnce } from './too-much-at-once';

/** An event as it is now. */
export interface EventDescription {
  readonly id: string;
  readonly handler: string;
  readonly status: EventStatus;
  readonly emittedAt: Date;
  /** When it may start, or did: later than `emittedAt` for a delayed one. */
  readonly startsAt: Date;
  readonly endedAt?: Date;
  /** How often its handler was started, the present attempt included. */
  readonly attempts: number;
  /** Why its attempts failed, oldest first; the last ten. */
  readonly errors: readonly EventError[];
  /** When it is tried again, while it waits for that. */
  readonly nextTry?: Date;
  /** Since when a rule holds it. */
  readonly heldSince?: Date;
  /** The rules that hold it, block first. */
  readonly heldBy?: readonly Rule[];
  /** Its code cannot go on, because it differs from what the event has done so far: mend the code. */
  readonly stuck?: StuckTask;
  /** One run for each attempt, oldest first; a redrive begins with attempt 1 again. */
  readonly runs: readonly EventRun[];
}

/** Why an attempt failed. */
export interface EventError {
  readonly attempt: number;
  readonly at: Date;
  readonly message: string;
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
  /**
   * Asks the event to end, in `error`, without another retry: at once where it waits (delayed, held, for its retry), at
   * the step that is under way where it runs. Resolves when Temporal has stored that; does nothing if it has ended.
   * @throws {NotFoundError} code `event_not_found`
   */
  cancel(): Promise<void>;
}

export interface EventHandleDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly held: Held;
  readonly rules: Rules;
}

export function createEventHandle(
  id: string,
  deps: EventHandleDeps,
  repeated = false,
): EventHandle {
  const { client, app, now } = deps;
  const workflow = client.workflow.getHandle(workflowIdOf(app, id));
  const find = <T>(ask: () => Promise<T>): Promise<T> => findEvent(id, app, ask);
  const describe = (): Promise<WorkflowExecutionDescription> => find(() => workflow.describe());
  return {
    id,
    repeated,
    status: async () => exactStatusOf(await describe(), now()),
    async describe() {
      const description = await describe();
      const { type, workflowId, runId } = description;
      const [{ retry }, failure, wait, rules, runs, stuck] = await Promise.all([
        find(() => readInput(client, { workflowId, runId })),
        description.status.name === 'FAILED'
          ? readFailure(client, { workflowId, runId })
          : undefined,
        description.closeTime === undefined ? deps.held.get(id) : undefined,
        description.closeTime === undefined ? deps.rules.readGate(type, runId) : undefined,
        runsOf(description, deps),
        stuckTaskOf(description, client),
      ]);
      return {
        ...descriptionOf(id, description, retry, now()),
        errors: errorsOf(retry, failure),
        ...(wait === undefined ? {} : { heldSince: wait.since, heldBy: rules?.rules ?? [] }),
        ...(stuck === undefined ? {} : { stuck }),
        runs,
      };
    },
    async result() {
      const value = await find(() => outcome(id, workflow.result()));
      // A missing event has no value; neither has many a handler, so only then it is worth asking.
      if (value === undefined && exactStatusOf(await describe(), now()) === 'missing')
        throw missing(id);
      return value;
    },
    async cancel() {
      try {
        await workflow.cancel();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        await describe(); // Temporal has one answer for an event that has ended and one that never was
      }
    },
  };
}

/** @throws {NotFoundError} code `event_not_found`, where Temporal says that there is no such workflow */
export async function findEvent<T>(id: string, app: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notFound(id, app, error);
    throw error;
  }
}

function descriptionOf(
  id: string,
  description: WorkflowExecutionDescription,
  retry: Retry | undefined,
  now: number,
): Omit<EventDescription, 'errors' | 'runs'> {
  const { type, startTime, executionTime, closeTime } = description;
  const waits = closeTime === undefined && retry !== undefined && retry.nextAt > now;
  return {
    id,
    handler: type,
    status: exactStatusOf(description, now),
    emittedAt: retry === undefined ? startTime : new Date(retry.emittedAt),
    startsAt: executionTime ?? startTime,
    ...(closeTime === undefined ? {} : { endedAt: closeTime }),
    attempts: retry?.attempt ?? 1,
    ...(waits ? { nextTry: new Date(retry.nextAt) } : {}),
  };
}

function errorsOf(
  retry: Retry | undefined,
  last: Omit<FailedAttempt, 'attempt'> | undefined,
): EventError[] {
  const failed = [...(retry?.errors ?? [])];
  if (last !== undefined) failed.push({ attempt: retry?.attempt ?? 1, ...last });
  return failed.map(({ attempt, at, message }) => ({ attempt, at: new Date(at), message }));
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
  const tooMuch = cause instanceof TerminatedFailure ? tooMuchAtOnce(cause.message) : undefined;
  if (tooMuch !== undefined) return new NightshiftError('value_too_large', tooMuch, { cause });
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) {
    const why = cause instanceof TerminatedFailure && cause.message ? `: ${cause.message}` : '';
    return new NightshiftError('cancelled', `Event "${id}" was cancelled${why}`, { cause: error });
  }
  if (cause instanceof ApplicationFailure && cause.type === 'event_invalid') {
    return new NightshiftError('event_invalid', cause.message, { cause });
  }
  const message = cause?.message ?? error.message;
  return new NightshiftError('handler_failed', message, {
    cause: cause?.cause ?? cause ?? error,
    details: { id },
    remedies: [
      `see what it did: npx nightshift trace ${id}`,
      'mend the handler, then redrive the event',
    ],
  });
}

function missing(id: string): NightshiftError {
  return new NightshiftError('missing', `Event "${id}" has no handler: it is on the 404 list`, {
    details: { id },
    remedies: ['see the list: npx nightshift missing', 'serve the handler, then redrive the event'],
  });
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
