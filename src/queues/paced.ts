export interface Pace {
  /** How many a second. Default: as fast as it goes, some at a time. */
  readonly rate?: number | undefined;
  readonly wait: (ms: number) => Promise<void>;
}

const AT_A_TIME = 16;

/** Works through `items`, beginning with each in order; with a rate, at even distances. */
export async function pacedEach<T>(
  items: readonly T[],
  { rate, wait }: Pace,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < items.length && !failed; i = next++) {
      if (rate !== undefined) await wait(started + (i * 1000) / rate - performance.now());
      try {
        await work(items[i] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = Array.from({ length: Math.min(AT_A_TIME, items.length) }, lane);
  // All lanes end before the caller goes on, also after a failure
  for (const ended of await Promise.allSettled(lanes))
    if (ended.status === 'rejected') throw ended.reason;
}
