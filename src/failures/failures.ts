import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defaultFailureConverter } from '@temporalio/common';
import type { HandlerDefinition } from '../definitions/app';
import { readCause } from '../events/attempts';
import { listRuns } from '../events/list-events';
import { orGone } from '../events/redrive-event';
import type { Redriven } from '../events/redriven';
import { InvalidInputError } from '../shared/errors';
import { eventIdOf } from '../shared/ids';
import { nameOf } from '../shared/names';
import { payloadConverter } from '../shared/payload-converter';
import { isDate } from '../shared/storable';
import { errorTraceOf } from '../traces/error-trace';

/** Events that failed for good in the same way. */
export interface FailureGroup {
  readonly handler: string;
  /** The error as the handler threw it, with its class: `RangeError: too far`. */
  readonly message: string;
  /** The line of the app's code that it came from: `app.ts:12:5`; absent if it came from none. */
  readonly line?: string;
  readonly count: number;
  /** When the last of them failed. */
  readonly newest: Date;
  /** Their events, the last failed first. */
  readonly ids: readonly string[];
}

/** Which failures. */
export interface FailureFilter {
  /** Only those that failed at that time or later. */
  readonly since?: Date;
  readonly handler?: HandlerDefinition | string;
  /** Looks at so many failed events, the newest. Default 1,000. */
  readonly limit?: number;
}

/** Why events failed for good, as `client.failures`. */
export interface Failures {
  /**
   * Why events ended in `error`, those that failed alike together; most events first. Without those that were cancelled
   * or redriven. Reads the end of each event's history, so a long list takes its time: some milliseconds an event.
   * @throws {InvalidInputError} code `event_invalid` or `handler_name_invalid`
   * @example
   * const [worst] = await client.failures.list({ since: new Date(Date.now() - 3_600_000) });
   * console.log(worst?.message, worst?.line, worst?.count);
   */
  list(filter?: FailureFilter): Promise<FailureGroup[]>;
}

export interface FailuresDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly redriven: Redriven;
}

const LIMIT = 1000;
const AT_A_TIME = 16;

export function createFailures(deps: FailuresDeps): Failures {
  return {
    async list({ since, handler, limit = LIMIT } = {}) {
      if (since !== undefined && !(isDate(since) && !Number.isNaN(since.getTime())))
        throw new InvalidInputError('event_invalid', 'Option "since" must be a valid Date');
      const filter = {
        ...{ status: 'error' as const, limit },
        ...(since === undefined ? {} : { endedSince: since }),
        ...(handler === undefined ? {} : { handler: nameOf(handler, 'A handler name') }),
      };
      const ended = await listRuns(filter, deps);
      // What was cancelled or terminated was meant to end.
      return grouped(
        await read(
          ended.filter(({ status }) => status.name === 'FAILED'),
          deps,
        ),
      );
    },
  };
}

interface Failure extends Pick<FailureGroup, 'handler' | 'message' | 'line'> {
  readonly id: string;
  readonly at: Date;
}

async function read(
  runs: readonly WorkflowExecutionInfo[],
  { client, app }: FailuresDeps,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (let i = 0; i < runs.length; i += AT_A_TIME) {
    const some = runs.slice(i, i + AT_A_TIME).map(async ({ workflowId, runId, type }) => {
      const ended = await orGone(() => readCause(client, { workflowId, runId }));
      if (ended === undefined) return [];
      const error = defaultFailureConverter.failureToError(ended.cause, payloadConverter);
      const { type: name, message, at: line } = errorTraceOf(error);
      return {
        ...{ id: eventIdOf(app, workflowId), handler: type, at: new Date(ended.at) },
        message: name === 'Error' ? message : `${name}: ${message}`,
        ...(line === undefined ? {} : { line }),
      };
    });
    failures.push(...(await Promise.all(some)).flat());
  }
  return failures;
}

function grouped(failures: readonly Failure[]): FailureGroup[] {
  const newestFirst = [...failures].sort((a, b) => b.at.getTime() - a.at.getTime());
  const groups = new Map<string, Failure[]>();
  for (const failure of newestFirst) {
    const { handler, message, line } = failure;
    const key = JSON.stringify([handler, message, line]);
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups.values()].map(groupOf).sort((a, b) => b.count - a.count);
}

function groupOf(failures: readonly Failure[]): FailureGroup {
  const { handler, message, line, at } = failures[0] as Failure;
  return {
    ...{ handler, message, ...(line === undefined ? {} : { line }) },
    ...{ count: failures.length, newest: at, ids: failures.map(({ id }) => id) },
  };
}
