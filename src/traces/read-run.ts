import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultFailureConverter, type Payload, type ProtoFailure } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time';
import { decryptHistory } from '../connections/decrypt-history';
import { tooMuchAtOnce } from '../events/too-much-at-once';
import { payloadConverter } from '../shared/payload-converter';
import { isRoom, TASK_END } from '../shared/room';
import { type Retry, typeAndMessage } from '../shared/retry';
import { errorTraceOf } from './error-trace';
import { GATE, isOurs } from './own-steps';
import type { ErrorTrace, StepTrace } from './trace';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];
type Failure = ProtoFailure;

/** A step as the history has it, and by what a recording names it. */
export interface HistoryStep extends Omit<StepTrace, 'args' | 'child' | 'children'> {
  readonly kind: 'step' | 'activity' | 'timer';
  readonly seq: number;
  /** When a local activity ended, by the event's own clock, in milliseconds: it is another than the wall's. */
  readonly completedAt?: number;
}

/** What the history of one run says. */
export interface HistoryRun {
  readonly event: unknown;
  readonly retry: Retry | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly steps: readonly HistoryStep[];
  readonly value: unknown;
  readonly error: ErrorTrace | undefined;
}

export async function readRun(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<HistoryRun> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const { events } = await decryptHistory(history, client);
  const reader = new RunReader();
  for (const event of events ?? []) reader.read(event);
  return reader.run();
}

class RunReader {
  #event: unknown;
  #retry: Retry | undefined;
  #startedAt: Date | undefined;
  #endedAt: Date | undefined;
  #value: unknown;
  #error: ErrorTrace | undefined;
  #steps: HistoryStep[] = [];
  /** The event's own clock, in milliseconds. */
  #clock = 0;
  /** Activities and timers that are under way, by the history's number of their first entry. */
  readonly #open = new Map<string, number>();

  read(event: HistoryEvent): void {
    const {
      workflowExecutionStartedEventAttributes: started,
      markerRecordedEventAttributes: marker,
      activityTaskScheduledEventAttributes: scheduled,
      timerStartedEventAttributes: timer,
    } = event;
    const [input, retry] = started?.input?.payloads ?? [];
    if (started != null) {
      this.#event = valueOf(input);
      this.#retry = valueOf(retry) as Retry | undefined;
    }
    if (event.workflowTaskStartedEventAttributes != null) this.#clock = timeOf(event).getTime();
    if (marker?.markerName === 'core_local_activity') this.#marker(event);
    if (scheduled != null) {
      this.#start(event, {
        kind: 'activity',
        seq: Number(scheduled.activityId),
        name: scheduled.activityType?.name ?? '',
        attempt: 1,
      });
    }
    if (timer != null && valueOf(event.userMetadata?.summary) !== TASK_END)
      this.#start(event, { kind: 'timer', seq: Number(timer.timerId), name: 'sleep', attempt: 1 });
    this.#close(event);
    this.#end(event);
  }

  run(): HistoryRun {
    const [event, retry, startedAt, endedAt] = [
      this.#event,
      this.#retry,
      this.#startedAt,
      this.#endedAt,
    ];
    const steps = startedAt === undefined ? [] : this.#steps;
    return { event, retry, startedAt, endedAt, steps, value: this.#value, error: this.#error };
  }

  #marker(event: HistoryEvent): void {
    const { details, failure } = event.markerRecordedEventAttributes ?? {};
    const data = valueOf(details?.['data']?.payloads?.[0]) as LocalActivityData;
    const startedAt = new Date(msOf(data.original_schedule_time) ?? timeOf(event).getTime());
    const completedAt = msOf(data.complete_time) ?? this.#clock;
    const ms = Math.max(0, completedAt - this.#clock);
    this.#clock = Math.max(this.#clock, completedAt);
    const result = valueOf(details?.['result']?.payloads?.[0]);
    if (data.activity_type === GATE) {
      // What came before was our own waiting: for the retry, or for the rules to let it through.
      this.#steps = [];
      const { answer } = (result ?? {}) as { answer?: unknown };
      this.#startedAt = answer === 'run' ? startedAt : undefined;
    }
    if (isOurs(data.activity_type) || isRoom(result)) return;
    this.#steps.push({
      kind: 'step',
      seq: data.seq,
      name: data.activity_type,
      ...summaryOf(event),
      ...outcomeOf(result, failure),
      attempt: data.attempt,
      ...{ startedAt, completedAt, ms },
    });
  }

  #start(event: HistoryEvent, step: Pick<HistoryStep, 'kind' | 'seq' | 'name' | 'attempt'>): void {
    this.#open.set(String(event.eventId), this.#steps.length);
    this.#steps.push({ ...step, ...summaryOf(event), startedAt: timeOf(event) });
  }

  /** Fills in how an activity or a timer went on. */
  #close(event: HistoryEvent): void {
    const begun = event.activityTaskStartedEventAttributes;
    if (begun != null) this.#change(begun.scheduledEventId, { attempt: begun.attempt ?? 1 });
    const done = event.activityTaskCompletedEventAttributes;
    if (done != null) {
      const result = valueOf(done.result?.payloads?.[0]);
      this.#finish(event, done.scheduledEventId, outcomeOf(result, undefined));
    }
    const failed =
      event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (failed != null)
      this.#finish(event, failed.scheduledEventId, outcomeOf(undefined, failed.failure));
    const cancelled = event.activityTaskCanceledEventAttributes;
    if (cancelled != null) this.#finish(event, cancelled.scheduledEventId, CANCELLED);
    const fired = event.timerFiredEventAttributes;
    if (fired != null) this.#finish(event, fired.startedEventId, {});
    const stopped = event.timerCanceledEventAttributes;
    if (stopped != null) this.#finish(event, stopped.startedEventId, CANCELLED);
  }

  #finish(event: HistoryEvent, first: unknown, outcome: Partial<HistoryStep>): void {
    const step = this.#steps[this.#open.get(String(first)) ?? -1];
    if (step === undefined) return;
    this.#change(first, { ...outcome, ms: timeOf(event).getTime() - step.startedAt.getTime() });
  }

  #change(first: unknown, change: Partial<HistoryStep>): void {
    const i = this.#open.get(String(first)) ?? -1;
    const step = this.#steps[i];
    if (step !== undefined) this.#steps[i] = { ...step, ...change };
  }

  #end(event: HistoryEvent): void {
    const completed = event.workflowExecutionCompletedEventAttributes;
    if (completed != null) this.#value = valueOf(completed.result?.payloads?.[0]);
    const failed = event.workflowExecutionFailedEventAttributes;
    if (failed?.failure != null) this.#error = errorOf(failed.failure.cause ?? failed.failure);
    const next = event.workflowExecutionContinuedAsNewEventAttributes;
    if (next != null) this.#error = retriedError(valueOf(next.input?.payloads?.[1]));
    const { workflowExecutionCanceledEventAttributes: cancelled } = event;
    const terminated = event.workflowExecutionTerminatedEventAttributes;
    if (cancelled != null) this.#error = { type: 'cancelled', message: 'The event was cancelled' };
    if (terminated != null) {
      const tooMuch = tooMuchAtOnce(terminated.reason);
      const message = `The event was ended by hand: ${terminated.reason ?? ''}`;
      this.#error =
        tooMuch === undefined
          ? { type: 'cancelled', message }
          : { type: 'value_too_large', message: tooMuch };
    }
    if ([completed, failed, next, cancelled, terminated].some((end) => end != null))
      this.#endedAt = timeOf(event);
  }
}

/** What Temporal notes about a local activity. */
export interface LocalActivityData {
  readonly seq: number;
  readonly attempt: number;
  readonly activity_type: string;
  readonly complete_time?: ProtoTime;
  readonly original_schedule_time?: ProtoTime;
}

interface ProtoTime {
  readonly seconds: number;
  readonly nanos: number;
}

const CANCELLED = { error: { type: 'cancelled', message: 'It was cancelled' } };

export const valueOf = (payload: Payload | null | undefined): unknown =>
  payload == null ? undefined : payloadConverter.fromPayload(payload);

const timeOf = ({ eventTime }: HistoryEvent): Date =>
  new Date(eventTime == null ? 0 : tsToMs(eventTime));

export const msOf = (time: ProtoTime | null | undefined): number | undefined =>
  time == null ? undefined : time.seconds * 1000 + time.nanos / 1e6;

function summaryOf({ userMetadata }: HistoryEvent): { summary?: string } {
  const summary = valueOf(userMetadata?.summary);
  return typeof summary === 'string' ? { summary } : {};
}

function outcomeOf(
  result: unknown,
  failure: Failure | null | undefined,
): Pick<HistoryStep, 'result' | 'error'> {
  if (failure != null) return { error: errorOf(failure) };
  return result === undefined ? {} : { result };
}

const errorOf = (failure: Failure): ErrorTrace =>
  errorTraceOf(defaultFailureConverter.failureToError(failure, payloadConverter));

/** Told to the next attempt. */
function retriedError(retry: unknown): ErrorTrace {
  const told = (retry as Retry | undefined)?.errors.at(-1)?.message ?? '';
  const [type, message] = typeAndMessage(told);
  return { type, message };
}
