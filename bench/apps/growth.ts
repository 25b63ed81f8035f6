import { datastore, DB, sleep, t, worker } from 'nightshift';

/** What has begun to sleep. */
export const Asleep = datastore('Asleep', { n: t.Int });

export const quick = worker('quick', (event: unknown) => Promise.resolve(event));

export const open = worker('open', async (event: number) => {
  await DB.set({ n: event }, String(event), Asleep);
  await sleep('1 hour');
  return event;
});
