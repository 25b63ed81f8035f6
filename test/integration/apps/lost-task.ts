import { datastore, DB, t, worker } from 'nightshift';

export const Sets = datastore('Sets', { n: t.Int });
export const Counters = datastore('Counters', { n: t.Int });
export const Added = datastore('Added', { by: t.String });

const STEPS_AFTER = 600;

/** Writes in all ways, and goes on for a while in the same task, which can be lost meanwhile. */
export const work = worker('work', async (_event: null, { id }) => {
  await DB.set({ n: 1 }, id, Sets);
  await DB.set({ n: 2 }, id, Sets);
  await DB.update('counter', Counters, ({ n }) => ({ n: n + 1 }));
  const { n } = await DB.update('counter', Counters, (counter) => ({ n: counter.n + 1 }));
  await DB.add({ by: id }, Added);
  for (let i = 0; i < STEPS_AFTER; i++) await DB.count(Added);
  return n;
});
