import { datastore, DB, t, worker } from 'nightshift';

export const People = datastore('People', { name: t.String, seen: t.Int });

export const readAndUpsert = worker(
  'readAndUpsert',
  async (event: { key: string; name: string }) => {
    const before = await DB.get(event.key, People);
    const seen = (before?.seen ?? 0) + 1;
    await DB.set({ name: event.name, seen }, event.key, People);
    return seen;
  },
);
