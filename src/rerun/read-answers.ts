import { ApplicationFailure, defaultFailureConverter, type ProtoFailure } from '@temporalio/common';
import { payloadConverter } from '../shared/payload-converter';
import { isRoom, TASK_END } from '../shared/room';
import type { Outcome, PastAnswer, StepFailure } from '../shared/rerun';
import { aboutOf } from '../shared/step-content';
import { GATE, isOurs } from '../traces/own-steps';
import { type HistoryEvent, type LocalActivityData, msOf, valueOf } from '../traces/read-run';

const MAX_CAUSES = 5;

export type Answer = Omit<PastAnswer, 'content'> & { readonly seq: number };

export interface ReadAnswers {
  readonly event: unknown;
  readonly startedAt?: number;
  readonly flags: readonly string[];
  readonly answers: readonly Answer[];
}

/** What a history holds that a run of it needs to be made again. */
export function readAnswers(events: readonly HistoryEvent[]): ReadAnswers {
  let read: ReadAnswers = { event: undefined, flags: [], answers: [] };
  const open = new Map<string, Omit<Answer, 'outcome' | 'at'>>();
  /** They reach the handler with the next workflow task. */
  let late: Answer[] = [];
  for (const event of events) {
    const input = event.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (input != null) read = { ...read, event: valueOf(input) };
    const [opened, closed] = [openedBy(event), closedBy(event)];
    if (opened !== undefined) open.set(String(event.eventId), opened);
    const step = open.get(closed?.opener ?? '');
    if (step !== undefined) late.push({ ...step, ...outcomeOf(closed?.outcome) });
    if (event.workflowTaskStartedEventAttributes != null) {
      const at = timeOf(event);
      read = { ...read, answers: [...read.answers, ...late.map((answer) => ({ ...answer, at }))] };
      late = [];
    }
    read = withMarker(read, event);
  }
  return { ...read, answers: [...read.answers, ...late] };
}

const outcomeOf = (outcome: Outcome | undefined): { outcome?: Outcome } =>
  outcome === undefined ? {} : { outcome };

function withMarker(read: ReadAnswers, event: HistoryEvent): ReadAnswers {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== 'core_local_activity') return read;
  const data = valueOf(marker.details?.['data']?.payloads?.[0]) as LocalActivityData;
  const at = Math.floor(msOf(data.complete_time) ?? timeOf(event));
  const value = valueOf(marker.details?.['result']?.payloads?.[0]);
  if (data.activity_type === GATE) {
    // What came before was our own waiting.
    const { answer, flags = [] } = (value ?? {}) as { answer?: string; flags?: string[] };
    return answer === 'run'
      ? { event: read.event, startedAt: at, flags, answers: [] }
      : { event: read.event, flags: [], answers: [] };
  }
  if (isOurs(data.activity_type) || isRoom(value)) return read;
  const outcome: Outcome =
    marker.failure == null ? { value } : { failure: failureOf(marker.failure) };
  const name = data.activity_type;
  const summary = valueOf(event.userMetadata?.summary);
  const about = typeof summary === 'string' ? { about: aboutOf(name, summary) } : {};
  const answer = { name, seq: data.seq, ...about, outcome, at };
  return { ...read, answers: [...read.answers, answer] };
}

function openedBy(event: HistoryEvent): Omit<Answer, 'outcome' | 'at'> | undefined {
  const activity = event.activityTaskScheduledEventAttributes;
  if (activity != null)
    return { name: activity.activityType?.name ?? '', seq: Number(activity.activityId) };
  const timer = event.timerStartedEventAttributes;
  const endsTask = valueOf(event.userMetadata?.summary) === TASK_END;
  return timer == null || endsTask ? undefined : { name: 'sleep', seq: Number(timer.timerId) };
}

function closedBy(event: HistoryEvent): { opener: string; outcome?: Outcome } | undefined {
  const done = event.activityTaskCompletedEventAttributes;
  if (done != null) {
    const value = valueOf(done.result?.payloads?.[0]);
    return { opener: String(done.scheduledEventId), outcome: { value } };
  }
  const failed =
    event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (failed != null) {
    const failure = failureOf(failed.failure ?? { message: 'Timed out' });
    return { opener: String(failed.scheduledEventId), outcome: { failure } };
  }
  const fired = event.timerFiredEventAttributes;
  return fired == null ? undefined : { opener: String(fired.startedEventId) };
}

/** A history from JSON has numbers where one from the server has objects of `Long`. */
const timeOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6);

/** Of a failed activity, what it failed of. */
function failureOf(proto: ProtoFailure): StepFailure {
  let error: Error = defaultFailureConverter.failureToError(proto, payloadConverter);
  while (!(error instanceof ApplicationFailure) && error.cause instanceof Error)
    error = error.cause;
  return stepFailureOf(error, MAX_CAUSES);
}

/** A step of a dry run fails as it would in an activity. */
export function stepFailureOf(error: Error, causes = MAX_CAUSES): StepFailure {
  const { message } = error;
  const { type, nonRetryable, details } = (
    error instanceof ApplicationFailure ? error : {}
  ) as Partial<ApplicationFailure>;
  return {
    type: type ?? error.name,
    message,
    final: nonRetryable === true,
    ...(details == null ? {} : { details }),
    ...(error.cause instanceof Error && causes > 0
      ? { cause: stepFailureOf(error.cause, causes - 1) }
      : {}),
  };
}
