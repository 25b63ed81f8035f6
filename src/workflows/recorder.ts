/**
 * Records a run's steps and logs while it is replayed, and only then: a run that makes its way for the first time has no
 * interceptors at all, so a trace costs nothing. Temporal replays a run that has ended when it is asked a query.
 */
import {
  defineQuery,
  setHandler,
  workflowInfo,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import {
  type Cut,
  type RecordedLog,
  type RecordedStep,
  type RecordingPage,
  TRACE_QUERY,
} from '../shared/trace';
import { isRoom, TASK_END } from '../shared/room';
import { toTagged } from '../shared/value-json';

type Entry = { readonly step: RecordedStep } | { readonly log: RecordedLog };

/** What is passed to Password.hash is told to nobody. */
const SECRET = /^Password::/;
const HIDDEN = ['<password>'];
const MAX_VALUE = 200_000;
const MAX_PAGE = 1_000_000;

// Each run has its own global object, while modules are shared: see step.ts.
const RECORDING: unique symbol = Symbol.for('nightshift.recording') as never;
const run = globalThis as { [RECORDING]?: Recording };

export interface StepListener {
  step(step: RecordedStep): void;
  /** The step of this number only asked for room, and is done again. */
  repeated(seq: number): void;
}

class Recording {
  readonly #entries: Entry[] = [];
  #steps = 0;
  listener: StepListener | undefined;

  step(
    { kind, name, seq }: Pick<RecordedStep, 'kind' | 'name' | 'seq'>,
    args: readonly unknown[],
  ): void {
    const step = { kind, name, seq, at: Date.now(), args: textOf(args) };
    this.#steps++;
    this.#entries.push({ step });
    this.listener?.step(step);
  }

  log(level: RecordedLog['level'], message: string, fields: unknown): void {
    const entry = { level, message, fields: textOf(fields), after: this.#steps, at: Date.now() };
    this.#entries.push({ log: entry });
  }

  /** The entries from the one numbered `from`, as many as one answer may hold. */
  page(from: number): RecordingPage {
    const steps: RecordedStep[] = [];
    const logs: RecordedLog[] = [];
    let size = 0;
    for (let i = from; i < this.#entries.length; i++) {
      const entry = this.#entries[i] as Entry;
      size += sizeOf(entry);
      if (size > MAX_PAGE && i > from) return { steps, logs, next: i };
      if ('step' in entry) steps.push(entry.step);
      else logs.push(entry.log);
    }
    return { steps, logs };
  }
}

export const recordedArgs = (step: string, args: readonly unknown[]): readonly unknown[] =>
  SECRET.test(step) ? HIDDEN : args;

/** Taken down at once: the handler may change it later. */
export function textOf(value: unknown): string | Cut {
  try {
    const text = JSON.stringify(toTagged(value));
    return text.length <= MAX_VALUE ? text : { bytes: text.length };
  } catch {
    return JSON.stringify('(cannot be shown)'); // a circle, say: the step itself refuses it
  }
}

const sizeOf = (entry: Entry): number => {
  const value = 'step' in entry ? entry.step.args : entry.log.fields;
  const text = typeof value === 'string' ? value.length : 0;
  return 200 + text + ('log' in entry ? entry.log.message.length : 0);
};

/** Tells the recording, if this run is one that is replayed. */
export function recordLog(level: RecordedLog['level'], message: string, fields: unknown): void {
  run[RECORDING]?.log(level, message, fields);
}

/** Tells `listener` of each step of this run, if it is one that is replayed. */
export function listenToSteps(listener: StepListener): void {
  const recording = run[RECORDING];
  if (recording !== undefined) recording.listener = listener;
}

/** Temporal calls it at the start of each run. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  if (!workflowInfo().unsafe.isReplaying) return {};
  const recording = new Recording();
  run[RECORDING] = recording;
  return {
    inbound: [
      {
        execute(input, next) {
          const query = defineQuery<RecordingPage, [from: number]>(TRACE_QUERY);
          setHandler(query, (from) => recording.page(from));
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const { activityType: name, seq } = input;
          recording.step({ kind: 'step', name, seq }, recordedArgs(name, input.args));
          const result = next(input);
          void result.then(
            (value) => isRoom(value) && recording.listener?.repeated(seq),
            () => {}, // whoever asked hears of it
          );
          return result;
        },
        scheduleActivity(input, next) {
          const { activityType: name, seq } = input;
          recording.step({ kind: 'activity', name, seq }, input.args);
          return next(input);
        },
        startTimer(input, next) {
          const { durationMs, seq, options } = input;
          if (options?.summary !== TASK_END)
            recording.step({ kind: 'timer', name: 'sleep', seq }, [durationMs]);
          return next(input);
        },
      },
    ],
  };
};
