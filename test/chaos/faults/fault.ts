import type { Stage } from '../stage/stage';
import type { PlannedFault } from '../plan';

/** A fault, ready to be made on a stage. */
export interface Fault {
  /** What it is done to: one fault at a time. */
  readonly on: string;
  /** For the timeline. */
  readonly what: string;
  /** Gives what is worth a line in the timeline, if anything is. */
  begin(): void | Promise<string | undefined | void>;
  /** Mends it. Afterwards everything works again, or will by itself. */
  end(): void | Promise<void>;
}

export type MakeFault = (planned: PlannedFault, stage: Stage) => Fault;

export const chosen = <T>(list: readonly T[], { target }: PlannedFault): T =>
  list[target % list.length] as T;
