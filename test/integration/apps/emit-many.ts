import { datastore, DB, emitMany, t, worker } from 'nightshift';

export const Counted = datastore('Counted', { n: t.Int });

/** One record for each number. */
export const count = worker('count', { event: t.Record({ n: t.Int }) }, async ({ n }) => {
  await DB.set({ n }, `count-${n}`, Counted);
});

export const fanOut = worker('fanOut', async (n: number) =>
  emitMany(
    Array.from({ length: n }, (_, i) => ({ n: i })),
    count,
  ),
);

export const named = worker('named', async (events: unknown[]) =>
  emitMany(events, 'nobody', { id: 'news' }),
);

export const wrong = worker('wrong', { retry: { retries: 0 } }, async (events: never) =>
  emitMany(events, count),
);

export const later = worker('later', async () =>
  emitMany([{ n: -1 }, { n: -2 }], count, { id: 'later', delay: '1 hour' }),
);

/** Fails once, after all were emitted. */
export const again = worker('again', { retry: { retries: 1 } }, async (id: string, { attempt }) => {
  const ids = await emitMany([{ n: 1_000_001 }, { n: 1_000_002 }], count, { id });
  if (attempt === 1) throw new Error('not yet');
  return ids;
});
