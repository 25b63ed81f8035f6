import { datastore, DB, t, worker } from 'nightshift';

export const Counters = datastore('Counters', { n: t.Int });

export const increment = worker('increment', async (key: string) =>
  DB.update(key, Counters, ({ n }) => ({ n: n + 1 })),
);

export const scanAll = worker('scanAll', async (pageSize: number) => {
  const keys: string[] = [];
  for await (const [key] of DB.scan(Counters, { pageSize })) keys.push(key);
  return keys;
});
