import type { Sinks } from '@temporalio/workflow';
import type { RecordedStep } from './trace';

/** The header of a run that is made again; its value is a `RerunInput`. */
export const RERUN_HEADER = 'nightshift.rerun';

/** Comes when the run can do no more by itself: then the next sleep may end. */
export const TICK_SIGNAL = 'nightshift.tick';

/** What a run is given in place of the outside world. */
export interface RerunInput {
  /** When the handler began, by its own clock: milliseconds since 1970. */
  readonly startedAt: number;
  readonly flags: readonly string[];
  /** Of a past run: each answers one step of the same content. */
  readonly answers: readonly PastAnswer[];
  /** Made for this run; they go first. */
  readonly given: readonly GivenAnswer[];
  /** The ids that came to the past run from outside: see `contentOf`. */
  readonly known: readonly string[];
  /** Whether steps that read and that the past run did not take wait for an answer, rather than find nothing. */
  readonly readsWait: boolean;
}

/** A past run's answer to one of its steps. */
export interface PastAnswer {
  readonly name: string;
  /** See `contentOf`; absent where the arguments are not known. */
  readonly content?: string;
  /** What it was about, for where there is no content: `Users "paul"`. Absent too: it answers any step of its name. */
  readonly about?: string;
  /** Absent where the past run did not get one: the same step waits again. */
  readonly outcome?: Outcome;
  /** When it was given, by the event's own clock. */
  readonly at?: number;
}

/** An answer for one step of exactly these arguments. */
export interface GivenAnswer {
  readonly name: string;
  /** Tagged JSON, with nothing hidden. */
  readonly args: string;
  readonly outcome: Outcome;
}

export type Outcome = { readonly value: unknown } | { readonly failure: StepFailure };

export interface StepFailure {
  readonly type: string;
  readonly message: string;
  readonly final?: boolean;
  readonly details?: readonly unknown[];
  readonly cause?: StepFailure;
}

/** Where a step's answer is from. */
export type AnswerSource =
  /** The past run. */
  | 'past'
  /** Made for this run: a real read of a dry run. */
  | 'given'
  /** Nobody's: what the step does where there is nothing yet. */
  | 'assumed'
  /** There is none, and the step waits for ever. */
  | 'none';

export interface RerunStep extends RecordedStep {
  readonly source: AnswerSource;
  /** The number of the past run's step that is the same. */
  readonly past?: number;
}

/** A run that is made again tells its steps and its end. */
export interface RerunSinks extends Sinks {
  readonly nightshift: {
    step(step: RerunStep): void;
    /** Where reads wait: the arguments of a step as tagged JSON, with nothing hidden. */
    asked(number: number, args: string): void;
    /** Each tick: whether it ended a sleep. */
    tick(ended: boolean): void;
    /** Tagged JSON. */
    value(value: string): void;
    error(type: string, message: string): void;
    /** The app has no handler of this name. */
    missing(): void;
  };
}

const WRITE = /^(?:DB::(?:set|add|delete|deleteAll|replace)|Event::emit)$/;

/** Whether a step of this name changes anything outside its run. The app's activities are their own matter. */
export const isWrite = (step: string): boolean => WRITE.test(step);

/** So many steps a run may have: more would not be done in the time that Temporal gives it. */
export const MAX_STEPS = 5_000;
