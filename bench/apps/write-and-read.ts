import { datastore, DB, t, worker } from 'nightshift';

export const People = datastore('People', { name: t.String, at: t.Date });

export const writeAndRead = worker('writeAndRead', async (event: { id: string; name: string }) => {
  await DB.set({ name: event.name, at: new Date() }, event.id, People);
  return DB.get(event.id, People);
});
