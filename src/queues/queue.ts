import { countQueue, type QueueCounts } from '../events/count-events';
import { type QueueState, type Rule, stateOf } from '../shared/rules';
import { countStuck } from './count-stuck';
import type { HeldSummary } from './held';
import type { QueuesDeps } from './queues-deps';

/** What holds the events of one handler, and how many: exact, and cheap to ask for. */
export interface QueueStanding {
  readonly name: string;
  /** `missing`: no handler of that name is served. */
  readonly kind: 'worker' | 'cron' | 'missing';
  /** `block` wins where both rules stand. */
  readonly state: QueueState;
  /** Those on the handler itself and those on all, block first. */
  readonly rules: readonly Rule[];
  /** How many events wait because of a rule: exact. They are `new`. */
  readonly held: number;
  /** When the oldest held event was emitted. */
  readonly oldest?: Date;
  /** Since when an event has been held. */
  readonly heldSince?: Date;
}

/** The events of one handler that are not finished, and what holds them. */
export interface Queue extends QueueStanding {
  /**
   * By status; `scheduled` events count as `locked`. Temporal's lists may be late by some milliseconds. For the
   * number of those that are done, see `events.count`.
   */
  readonly counts: QueueCounts;
  /**
   * How many events cannot go on: their code differs from what they have done so far, or is an endless loop.
   * `describe()` of such an event says which. Known about a minute after it happened.
   */
  readonly stuck: number;
}

/** What Temporal's lists say of it. */
type Seen = Pick<Queue, 'counts' | 'stuck'>;

export async function seenOf(name: string, deps: QueuesDeps): Promise<Seen> {
  const [counts, stuck] = await Promise.all([countQueue(name, deps), countStuck(name, deps)]);
  return { counts, stuck };
}

export function standingOf(
  name: string,
  kind: 'worker' | 'cron' | undefined,
  rules: readonly Rule[],
  held: HeldSummary | undefined,
): QueueStanding {
  const blockFirst = [...rules].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
  return {
    name,
    kind: kind ?? 'missing',
    state: stateOf(rules),
    rules: blockFirst,
    held: held?.count ?? 0,
    ...(held === undefined ? {} : { oldest: held.oldest, heldSince: held.since }),
  };
}

/** Temporal's lists lag behind; what is held is known exactly. */
export const withCounts = (standing: QueueStanding, { counts, stuck }: Seen): Queue => ({
  ...standing,
  counts: { ...counts, new: Math.max(counts.new, standing.held) },
  stuck,
});
