import { datastore, DB, emit, t, worker } from 'nightshift';

export const People = datastore('People', { name: t.String, at: t.Date });

export const writeAndRead = worker('writeAndRead', async (event: { id: string; name: string }) => {
  await DB.set({ name: event.name, at: new Date() }, event.id, People);
  return DB.get(event.id, People);
});

/** Emits from within the worker process. */
export const relay = worker('relay', async (event: { id: string; name: string }) => {
  await emit(event, writeAndRead, { id: event.id });
});
