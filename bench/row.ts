/** One line of the table: the same work by Nightshift and by the reference, in one run. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  /** The least ratio of ours to the reference's that is good enough. */
  readonly atLeast: number;
  /** Default 5; each is one of ours and one of the reference's. */
  readonly rounds?: number;
  start(context: BenchContext): Promise<Contest>;
}

export interface BenchContext {
  readonly temporal: string;
  readonly mongodb: string;
}

export interface Contest extends AsyncDisposable {
  /** One round each, `round` makes ids new. Resolves to the figure in the row's unit; more is better. */
  ours(round: number): Promise<number>;
  reference(round: number): Promise<number>;
}

/** Runs `work` for 0 … n-1 with at most `inFlight` at a time; resolves to how many ended a second. */
export async function perSecond(
  n: number,
  inFlight: number,
  work: (i: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < n) await work(next++);
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (n * 1000) / (performance.now() - started);
}

/** Runs `work` for 0 … n-1, one after the other; resolves to how many a second the median one would make. */
export async function medianPerSecond(
  n: number,
  work: (i: number) => Promise<unknown>,
): Promise<number> {
  return 1000 / (await medianOf(n, (i) => msOf(() => work(i))));
}

/** The median of what `measure` gives for 0 … n-1, one after the other. */
export async function medianOf(
  n: number,
  measure: (i: number) => Promise<number>,
): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < n; i++) figures.push(await measure(i));
  return median(figures);
}

/** A contest with a time that was promised, in place of another program. */
export const againstMs = (
  ms: number,
  ours: (round: number) => Promise<number>,
): Pick<Contest, 'ours' | 'reference'> => ({
  ours: async (round) => 1000 / (await ours(round)),
  reference: () => Promise.resolve(1000 / ms),
});

/** How many milliseconds `work` takes. */
export async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The one in the middle. */
export function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}
