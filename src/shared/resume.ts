import { InvalidInputError } from './errors';
import { RESERVED_PREFIX } from './names';
import type { RuleKind } from './rules';

/** The signal that makes a held event ask its gate again. */
export const GATE_SIGNAL = 'resume';

/** The workflow type of what lets held events go, and the start of its ids. */
export const RESUME_WORKFLOW = `${RESERVED_PREFIX}resume`;

/**
 * `canary`: the first events are let through, and their ends awaited. `held`: a rule stands, e.g. because the queue was
 * paused again in the middle. `stopped`: an event of the canary failed, so the pause stands on.
 */
export type ResumeState =
  'canary' | 'running' | 'done' | 'held' | 'stopped' | 'failed' | 'cancelled';

/** How far the held events of a queue are on their way. */
export interface ResumeProgress {
  readonly queue: string;
  readonly state: ResumeState;
  /** How many events were held, let go or not. */
  readonly total: number;
  readonly released: number;
  /** Events a second, as they were let go. */
  readonly rate: number;
  /** Why it is `held` or `stopped`. */
  readonly why?: string;
  /** The events of the canary that failed. */
  readonly failures: readonly FailedCanary[];
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

/** The event of a canary that failed, and why. */
export interface FailedCanary {
  readonly id: string;
  readonly error: string;
}

/** What the workflow is started with. */
export interface ResumeInput {
  readonly queue: string;
  readonly kind: RuleKind;
  /** The rules that are meant: those set later stay. */
  readonly revision: number;
  readonly note: { readonly reason?: string; readonly by?: string };
  /** Events a second. Default: as fast as it goes. */
  readonly rate?: number;
  /** Let so many through first. */
  readonly canary?: number;
}

/** An event of the canary, and the run whose end tells whether it succeeded. */
export interface Canary {
  readonly id: string;
  readonly runId: string;
}

/** What one page of events came to. */
export interface Released {
  readonly released: number;
  /** Still held. */
  readonly left: number;
  /** The rule that stands. */
  readonly heldBy?: string;
}

export function startedResume({ queue, canary }: ResumeInput, at: Date): ResumeProgress {
  const state = canary === undefined ? 'running' : 'canary';
  return { queue, state, total: 0, released: 0, rate: 0, failures: [], startedAt: at };
}

/** @throws {InvalidInputError} code `rate_invalid` unless it is absent or a whole number of 1 or more */
export function checkCanary(canary: unknown): void {
  if (canary === undefined || (Number.isSafeInteger(canary) && Number(canary) > 0)) return;
  throw new InvalidInputError(
    'rate_invalid',
    `Option "canary" must be a whole number of events of 1 or more, got ${JSON.stringify(canary)}`,
  );
}
