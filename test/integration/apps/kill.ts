import { datastore, DB, emit, t, worker } from 'nightshift';

export const Firsts = datastore('Firsts', { n: t.Int });
export const Seconds = datastore('Seconds', { n: t.Int });
export const Added = datastore('Added', { n: t.Int });

/** Three steps, so that there is a middle in which the process can die. */
export const first = worker('first', async (event: { n: number }, info) => {
  await DB.set({ n: event.n }, info.id, Firsts);
  await DB.add({ n: event.n }, Added);
  await emit(event, second);
});

export const second = worker('second', async (event: { n: number }) => {
  await DB.set({ n: event.n }, `second-${event.n}`, Seconds);
});
