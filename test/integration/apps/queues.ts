import { cron, datastore, DB, t, worker } from 'nightshift';

/** One record for each run of a handler: whoever runs twice leaves two. */
export const Runs = datastore('Runs', { id: t.String, n: t.Int });

const run = async (event: { n: number }, info: { id: string }): Promise<number> => {
  await DB.add({ id: info.id, n: event.n }, Runs);
  return event.n;
};

export const mail = worker('mail', run);
export const other = worker('other', run);
export const third = worker('third', run);

export const odd = worker('odd', { retry: { retries: 0 } }, async (event: { n: number }, info) => {
  await DB.add({ id: info.id, n: event.n }, Runs);
  if (event.n === 3) throw new RangeError('three');
});

export const retried = worker('retried', { retry: { delay: 700 } }, async (_event, info) => {
  if (info.attempt < 2) throw new Error('first');
  return info.attempt;
});

export const nightly = cron(
  'nightly',
  { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
  async () => 1,
);
