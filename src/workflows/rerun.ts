/**
 * Makes a past run again, on the present code, without the outside world: steps are answered here, sleeps take no time.
 * Bundled in only where that is asked for; and it leaves every run alone that has not the header.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  defineSignal,
  proxySinks,
  setHandler,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { RetryState } from '@temporalio/common';
import { payloadConverter } from '../shared/payload-converter';
import {
  isWrite,
  MAX_STEPS,
  type AnswerSource,
  type Outcome,
  type PastAnswer,
  RERUN_HEADER,
  type RerunInput,
  type RerunSinks,
  type RerunStep,
  type StepFailure,
  TICK_SIGNAL,
} from '../shared/rerun';
import { TASK_END } from '../shared/room';
import { shownArgs, toPlainJson } from '../shared/shown-args';
import { aboutOf, contentOf } from '../shared/step-content';
import { fromTagged, toTagged } from '../shared/value-json';
import { assumedAnswer } from './assumed-answer';
import { GivenAnswers } from './given-answers';
import { PastAnswers } from './past-answers';
import { recordedArgs, textOf } from './recorder';
import { reasonIn } from './replay-sink';
import { VirtualClock } from './virtual-clock';
import { VirtualTimers } from './virtual-timers';

export const interceptors: WorkflowInterceptorsFactory = () => {
  const told = proxySinks<RerunSinks>().nightshift;
  let rerun: Rerun | undefined;
  return {
    inbound: [
      {
        execute(input, next) {
          const header = input.headers[RERUN_HEADER];
          if (header === undefined) return next(input);
          rerun = new Rerun(payloadConverter.fromPayload<RerunInput>(header), told);
          return rerun.run(() => next(input));
        },
      },
    ],
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const { activityType: name, args, options } = input;
          return rerun === undefined
            ? next(input)
            : rerun.step('step', name, args, options.summary);
        },
        scheduleActivity(input, next) {
          const { activityType: name, args } = input;
          return rerun === undefined ? next(input) : rerun.step('activity', name, args);
        },
        startTimer(input, next) {
          if (rerun === undefined) return next(input);
          return input.options?.summary === TASK_END
            ? Promise.resolve()
            : rerun.sleep(input.durationMs);
        },
      },
    ],
  };
};

type Told = ReturnType<typeof proxySinks<RerunSinks>>['nightshift'];

class Rerun {
  readonly #clock: VirtualClock;
  readonly #timers: VirtualTimers;
  readonly #past: PastAnswers;
  readonly #known: ReadonlySet<string>;
  readonly #given: GivenAnswers;
  #steps = 0;
  #waiting = 0;
  #begun = false;

  constructor(
    private readonly input: RerunInput,
    private readonly told: Told,
  ) {
    this.#clock = new VirtualClock(input.startedAt);
    this.#timers = new VirtualTimers(this.#clock);
    this.#past = new PastAnswers(input.answers);
    this.#known = new Set(input.known);
    this.#given = new GivenAnswers(input.given);
  }

  /** Runs it to its end, tells that, and never ends for Temporal: so there may be any number of ticks behind it. */
  async run(handler: () => Promise<unknown>): Promise<never> {
    setHandler(defineSignal(TICK_SIGNAL), () => this.told.tick(this.#tick()));
    try {
      this.told.value(JSON.stringify(toTagged(await handler())));
    } catch (error) {
      this.told.error(...reasonIn(error));
    }
    return new Promise<never>(() => {});
  }

  /** While a step waits, only its answer can tell what comes next. */
  #tick(): boolean {
    return this.#waiting === 0 && this.#timers.fireNext();
  }

  step(
    kind: 'step' | 'activity',
    name: string,
    args: unknown[],
    summary?: string,
  ): Promise<unknown> {
    const own = this.#ownAnswer(name);
    if (own !== undefined) return Promise.resolve(own.value);
    const { outcome, past } = this.#tell(kind, name, args, summary);
    if (outcome === undefined) return this.#wait(kind === 'activity' && past !== undefined);
    const at = past?.at ?? 0;
    // A sleep that ended before the answer came may be what the handler waited for.
    const come = this.#timers.hasOneBefore(at) ? this.#timers.until(at) : Promise.resolve();
    return come.then(() => {
      this.#clock.advanceTo(at);
      if ('failure' in outcome) throw failureOf(outcome.failure, kind, name);
      return outcome.value;
    });
  }

  sleep(durationMs: number): Promise<void> {
    const past = this.#begun ? this.#tell('timer', 'sleep', [durationMs]).past : undefined;
    return this.#timers.until(past?.at ?? this.#clock.now + durationMs);
  }

  /** Of what Nightshift itself does around a handler. */
  #ownAnswer(name: string): { value: unknown } | undefined {
    if (name === 'Queue::admit') {
      this.#begun = true;
      this.#clock.set(this.input.startedAt); // whatever it waited for before
      return { value: { answer: 'run', flags: this.input.flags } };
    }
    if (name !== 'Queue::missing') return undefined;
    this.told.missing();
    return { value: undefined };
  }

  #tell(
    kind: RerunStep['kind'],
    name: string,
    args: readonly unknown[],
    summary?: string,
  ): { outcome: Outcome | undefined; past: PastAnswer | undefined } {
    const number = this.#steps++;
    const text = textOf(recordedArgs(name, args));
    const shown = typeof text === 'string' ? shownArgs(fromTagged(JSON.parse(text))) : text;
    const content = contentOf(name, toPlainJson(shown), this.#known);
    const about = summary === undefined ? undefined : aboutOf(name, summary);
    const past = this.#past.take(name, content, about);
    const [source, outcome] = this.#answer(kind, name, args, past);
    if (number > MAX_STEPS) return { outcome: undefined, past: undefined };
    const step = { kind, name, seq: number, at: this.#clock.now, args: text, source } as const;
    this.told.step(past === undefined ? step : { ...step, past: past.number });
    if (kind === 'step' && this.input.readsWait)
      this.told.asked(number, JSON.stringify(toTagged(args)));
    return { outcome, past };
  }

  #answer(
    kind: RerunStep['kind'],
    name: string,
    args: readonly unknown[],
    past: PastAnswer | undefined,
  ): [source: AnswerSource, outcome: Outcome | undefined] {
    const given = kind === 'step' ? this.#given.take(name, args) : undefined;
    if (given !== undefined) return ['given', given];
    const { readsWait } = this.input;
    // Where reads wait, those of then are a guess, which saves making the run again if it is right.
    const usesPast = kind === 'activity' || !readsWait || !isWrite(name);
    if (usesPast && past?.outcome !== undefined) return ['past', past.outcome];
    const assumed = assumedAnswer(name, args, readsWait);
    return [assumed === undefined ? 'none' : 'assumed', assumed];
  }

  /** `asThen`: the past run had no answer either, and went on without. */
  #wait(asThen: boolean): Promise<never> {
    if (!asThen) this.#waiting++;
    return new Promise((_resolve, reject) => {
      CancellationScope.current().cancelRequested.catch((error: Error) => {
        if (!asThen) this.#waiting--;
        reject(error);
      });
    });
  }
}

/** As Temporal gives it to a handler: of an activity, wrapped. */
function failureOf(given: StepFailure, kind: 'step' | 'activity', name: string): Error {
  const failure = applicationFailureOf(given);
  if (kind === 'step') return failure;
  const retryState =
    given.final === true ? RetryState.NON_RETRYABLE_FAILURE : RetryState.MAXIMUM_ATTEMPTS_REACHED;
  const message = 'Activity task failed';
  return new ActivityFailure(message, name, undefined, retryState, undefined, failure);
}

function applicationFailureOf({
  type,
  message,
  final = false,
  details,
  cause,
}: StepFailure): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: final,
    ...(details === undefined ? {} : { details: [...details] }),
    ...(cause === undefined ? {} : { cause: applicationFailureOf(cause) }),
  });
}
