import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { HandlerDefinition } from '../definitions/app';
import { EMITTED_BY } from '../events/emit-event';
import { findEvent } from '../events/event-handle';
import { listEvents, type ListedEvent } from '../events/list-events';
import { stuckTaskOf } from '../events/stuck-task';
import type { Redriven } from '../events/redriven';
import { runsOf } from '../events/runs';
import { exactStatusOf } from '../events/status';
import { workflowIdOf } from '../shared/ids';
import { checkEventId, nameOf } from '../shared/names';
import type { RecordedLog, RecordedStep } from '../shared/trace';
import { fromTagged } from '../shared/value-json';
import { emittedIn } from './emitted';
import { readRecording, type Recording } from './read-recording';
import { type HistoryRun, type HistoryStep, readRun } from './read-run';
import { saveRun, type SavedTrace, TRACE_FORMAT } from './saved-trace';
import { shownArgs } from '../shared/shown-args';
import type { AttemptTrace, Cut, EventRef, LogTrace, StepTrace, Trace } from './trace';

/** What past events did, as `client.traces`. */
export interface Traces {
  /**
   * The events of a handler that ended last, newest first.
   * @param options.limit at most so many. Default 10
   */
  list(handler: HandlerDefinition | string, options?: { limit?: number }): Promise<ListedEvent[]>;
  /**
   * What an event did, and does: made from Temporal's history, by replaying it in a worker process of the app.
   * @throws {NotFoundError} code `event_not_found`
   */
  get(id: string): Promise<Trace>;
  /**
   * An event's trace with all that a test needs to replay it: see `replayTraces` of `nightshift/testing`.
   * @throws {NotFoundError} code `event_not_found`
   */
  save(id: string): Promise<SavedTrace>;
}

const LISTED = 10;

export interface TracesDeps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
  readonly redriven: Redriven;
}

export function createTraces(deps: TracesDeps): Traces {
  const { client, app } = deps;
  const traces: Traces = {
    async list(handler, { limit = LISTED } = {}) {
      return listEvents({ handler: nameOf(handler, 'A handler name'), limit, ended: true }, deps);
    },

    async get(id) {
      checkEventId(id);
      const workflowId = workflowIdOf(app, id);
      const handle = client.workflow.getHandle(workflowId);
      const description = await findEvent(id, app, () => handle.describe());
      const stuck = await stuckTaskOf(description, client);
      const attempts = await Promise.all(
        (await runsOf(description, deps)).map(async ({ runId }) => {
          const [run, recording] = await Promise.all([
            readRun(client, workflowId, runId),
            readRecording(client, workflowId, runId),
          ]);
          return { event: run.event, trace: attemptOf(runId, run, recording) };
        }),
      );
      const parent = description.memo?.[EMITTED_BY] as EventRef | undefined;
      const scheduledAt = description.typedSearchAttributes.get(scheduledAtKey);
      return {
        ...{ id, handler: description.type, status: exactStatusOf(description, deps.now()) },
        ...(scheduledAt === undefined ? { event: attempts[0]?.event } : { scheduledAt }),
        ...(parent === undefined ? {} : { parent }),
        ...(stuck === undefined ? {} : { stuck }),
        attempts: attempts.map(({ trace }) => trace),
      };
    },

    async save(id) {
      const { handler, attempts } = await traces.get(id);
      const runs = attempts.map((attempt) => saveRun(client, workflowIdOf(app, id), attempt));
      return { format: TRACE_FORMAT, id, handler, app, runs: await Promise.all(runs) };
    },
  };
  return traces;
}

const scheduledAtKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

function attemptOf(runId: string, run: HistoryRun, recording: Recording): AttemptTrace {
  const { retry, startedAt, endedAt, steps, value, error } = run;
  const numbers = new Map(steps.map((step, i) => [keyOf(step), i]));
  const recorded = new Map(recording.steps.map((step) => [keyOf(step), step]));
  /** Logs count all steps, ours too. */
  const shownBefore = (after: number): number =>
    recording.steps.slice(0, after).filter((step) => numbers.has(keyOf(step))).length;
  return {
    attempt: retry?.attempt ?? 1,
    runId,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    steps: inOrder(steps, recording).map((step) => stepOf(step, recorded.get(keyOf(step)))),
    logs: recording.logs.map((log) => logOf(log, shownBefore(log.after))),
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error }),
    ...(recording.incomplete === undefined ? {} : { incomplete: recording.incomplete }),
  };
}

/** As they were started, while a history has them in part as they ended. */
function inOrder(steps: readonly HistoryStep[], recording: Recording): HistoryStep[] {
  const numbers = new Map(recording.steps.map((step, i) => [keyOf(step), i]));
  return [...steps].sort(
    (a, b) =>
      (numbers.get(keyOf(a)) ?? 0) - (numbers.get(keyOf(b)) ?? 0) ||
      a.startedAt.getTime() - b.startedAt.getTime(),
  );
}

/** Temporal numbers activities, local ones included, and timers apart. */
const keyOf = ({ kind, seq }: Pick<RecordedStep, 'kind' | 'seq'>): string => `${kind} ${seq}`;

function stepOf(
  { kind: _kind, seq: _seq, completedAt, ...step }: HistoryStep,
  recorded: RecordedStep | undefined,
): StepTrace {
  const args = recorded === undefined ? undefined : valueOf(recorded.args);
  // A recording knows when the step was started, so that steps side by side have their own times.
  const ms =
    recorded === undefined || completedAt === undefined
      ? {}
      : { ms: Math.max(0, completedAt - recorded.at) };
  return {
    ...step,
    ...ms,
    ...(args === undefined ? {} : { args: shownArgs(args) }),
    ...emittedIn(step, args),
  };
}

function logOf({ at, level, message, fields }: RecordedLog, after: number): LogTrace {
  const value = valueOf(fields);
  return {
    at: new Date(at),
    level,
    message,
    ...(value === undefined ? {} : { fields: value }),
    after,
  };
}

const valueOf = (recorded: string | Cut): unknown =>
  typeof recorded === 'string' ? fromTagged(JSON.parse(recorded)) : recorded;
