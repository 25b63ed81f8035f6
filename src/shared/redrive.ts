import { RESERVED_PREFIX } from './names';

/** The workflow type of redrives, and the start of their ids. */
export const REDRIVE_WORKFLOW = `${RESERVED_PREFIX}redrive`;

/** How the events ended that are run again. */
export type RedriveStatus = 'error' | 'missing';

/** How far a redrive is. */
export type RedriveState = 'collecting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** How far a redrive is. */
export interface RedriveProgress {
  readonly handler: string;
  readonly status: RedriveStatus;
  readonly state: RedriveState;
  /** How many events were found. */
  readonly total: number;
  /** Begun anew. */
  readonly redriven: number;
  /** Not begun: `problems` says why. */
  readonly passedOver: number;
  /** Events a second. */
  readonly rate: number;
  /** The first 100 events that were passed over. */
  readonly problems: readonly RedriveProblem[];
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

/** An event that a redrive passed over, and why. */
export interface RedriveProblem {
  readonly id: string;
  readonly why: string;
}

/** What the workflow is started with. */
export interface RedriveInput {
  readonly handler: string;
  readonly status: RedriveStatus;
  /** Only these; default all. */
  readonly ids?: readonly string[];
  /** Only events that ended at this time or later. */
  readonly since?: Date;
  /** Only events that had ended by then: what fails later was not meant. */
  readonly until: Date;
  /** Only events whose error holds this text. */
  readonly text?: string;
  /** Events a second. Default: as fast as it goes. */
  readonly rate?: number;
}

/** What a page, or the search for events, came to. */
export interface RedrivePage {
  readonly handled: number;
  readonly redriven: number;
  readonly problems: readonly RedriveProblem[];
}

export function startedRedrive({ handler, status }: RedriveInput, at: Date): RedriveProgress {
  const none = { total: 0, redriven: 0, passedOver: 0, rate: 0, problems: [] };
  return { handler, status, state: 'collecting', ...none, startedAt: at };
}
