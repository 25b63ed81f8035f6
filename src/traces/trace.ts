import type { StuckTask } from '../events/stuck-task';
import type { EventStatus } from '../shared/status';

/** What an event did: every step of every attempt. */
export interface Trace {
  readonly id: string;
  readonly handler: string;
  readonly status: EventStatus;
  /** The event itself. A cron has none. */
  readonly event?: unknown;
  /** For a cron's run: the moment that it was due. */
  readonly scheduledAt?: Date;
  /** The event whose handler emitted this one. */
  readonly parent?: EventRef;
  /** Why it cannot go on, if its code keeps it from that. */
  readonly stuck?: StuckTask;
  /** One for each run, oldest first: a failed one is followed by its retry, or by a redrive. */
  readonly attempts: readonly AttemptTrace[];
}

/** Another event: one that was emitted, or that emitted this one. */
export interface EventRef {
  readonly id: string;
  readonly handler: string;
}

/** One run of an event's handler. */
export interface AttemptTrace {
  /** From 1. */
  readonly attempt: number;
  readonly runId: string;
  /** When the handler was let through. Absent while it waits. */
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  readonly steps: readonly StepTrace[];
  readonly logs: readonly LogTrace[];
  /** What the handler returned, if it did. */
  readonly value?: unknown;
  readonly error?: ErrorTrace;
  /** Why steps lack their arguments, and logs are not shown; e.g. that the code has changed since. */
  readonly incomplete?: string;
}

/** One thing that a handler awaited. */
export interface StepTrace {
  /** E.g. `DB::set`, `Event::emit`, `sleep`, or the name of one of the app's activities. */
  readonly name: string;
  /** What it was about, as the Temporal UI shows it: `Users "paul"`. */
  readonly summary?: string;
  /** Absent if the trace is incomplete; `Cut` stands for arguments that are too large. */
  readonly args?: readonly unknown[] | Cut;
  readonly result?: unknown;
  readonly error?: ErrorTrace;
  /** How often it was tried. */
  readonly attempt: number;
  readonly startedAt: Date;
  /** How long it took; absent while it runs. */
  readonly ms?: number;
  /** The event that it emitted. */
  readonly child?: EventRef;
  /** The events that a step of `emitMany` emitted. */
  readonly children?: readonly EventRef[];
}

/** A line that a handler logged. */
export interface LogTrace {
  readonly at: Date;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: unknown;
  /** How many steps had been started before. */
  readonly after: number;
}

/** An error, as a trace has it. */
export interface ErrorTrace {
  /** The class or code, e.g. `TypeError`. */
  readonly type: string;
  readonly message: string;
  /** The first line of the app's own code: `app.ts:12:5`. */
  readonly at?: string;
  readonly cause?: ErrorTrace;
}

/** Stands for what is too large to be shown. */
export interface Cut {
  readonly bytes: number;
}
