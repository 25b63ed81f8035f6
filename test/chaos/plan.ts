import { seeded } from './random';

/** What can be done to the processes, their connections and their disk. */
export const FAULT_KINDS = [
  ...(['kill-worker', 'kill-client', 'kill-temporal', 'kill-mongodb'] as const),
  ...(['freeze-worker', 'freeze-client', 'freeze-temporal', 'freeze-mongodb'] as const),
  ...(['cut', 'delay', 'silence'] as const),
  'full-disk',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface PlannedFault {
  readonly n: number;
  readonly kind: FaultKind;
  /** Chooses among several things of the kind: the remainder counts. */
  readonly target: number;
  /** How long after the beginning of the fault before. */
  readonly afterMs: number;
  /** From the beginning to the mending. */
  readonly lastsMs: number;
}

export interface PlanOptions {
  readonly seed: number;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** The longest that a fault lasts. */
  readonly longestMs: number;
}

/** The faults of a run: the same for the same options. Each kind comes as often as any other. */
export function planFaults({ seed, faults, kinds, longestMs }: PlanOptions): PlannedFault[] {
  const random = seeded(seed);
  let bag: FaultKind[] = [];
  return Array.from({ length: faults }, (_, i) => {
    if (bag.length === 0) bag = random.shuffled(kinds);
    const kind = bag.pop() as FaultKind;
    const most = Math.min(longestMs, MOST_MS[kind] ?? longestMs);
    // Mostly short, now and then nearly as long as can be.
    const lastsMs = Math.round(300 + (most - 300) * random.next() ** 2);
    return { n: i + 1, kind, target: random.int(0, 999), afterMs: random.int(300, 4_000), lastsMs };
  });
}

/** A server that is started again soon, and a network that is mended within the time that people wait for one. */
const MOST_MS: Partial<Record<FaultKind, number>> = {
  'kill-worker': 5_000,
  'kill-client': 3_000,
  'kill-temporal': 8_000,
  'kill-mongodb': 8_000,
  'full-disk': 15_000,
  delay: 20_000,
  cut: 30_000,
  silence: 30_000,
};
