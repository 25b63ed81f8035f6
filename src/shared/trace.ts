import type { Sinks } from '@temporalio/workflow';

/** The query that a replayed event answers with what it recorded. */
export const TRACE_QUERY = 'nightshift.trace';

/** What a replay knows and a history does not: the arguments of steps, and what was logged. */
export interface RecordedStep {
  readonly kind: 'step' | 'activity' | 'timer';
  /** E.g. `DB::set`; `sleep` for a timer. */
  readonly name: string;
  /** As in the history's attributes: tells which of its entries is meant. */
  readonly seq: number;
  /** When it was started, by the event's own clock: milliseconds since 1970. */
  readonly at: number;
  /** Tagged JSON, see value-json.ts. */
  readonly args: string | Cut;
}

/** Stands for a value that is too large to be shown. */
export interface Cut {
  readonly bytes: number;
}

export interface RecordedLog {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** Tagged JSON. */
  readonly fields: string | Cut;
  /** How many steps had been started before. */
  readonly after: number;
  /** Milliseconds since 1970, by the event's own clock. */
  readonly at: number;
}

/** A part of a recording: `next` is where the rest begins. */
export interface RecordingPage {
  readonly steps: readonly RecordedStep[];
  readonly logs: readonly RecordedLog[];
  readonly next?: number;
}

/** How a replayed run ended, and what it recorded one by one: told to the sinks of a test. */
export interface ReplaySinks extends Sinks {
  readonly nightshift: {
    step(step: RecordedStep): void;
    /** The step of this number is no step of the handler: it is done again. */
    repeated(seq: number): void;
    /** Tagged JSON. */
    value(value: string): void;
    error(type: string, message: string): void;
  };
}
