import {
  activities,
  cron,
  datastore,
  DB,
  emit,
  emitMany,
  log,
  Password,
  sleep,
  t,
  worker,
} from 'nightshift';

export const Notes = datastore('Notes', { text: t.String, secret: t.optional(t.Password) });
const { double } = activities<{ double(n: number): Promise<number> }>({
  startToCloseTimeout: '10s',
});

export const child = worker('child', async (n: number) => n * 2);

export const steps = worker('steps', async (event: { key: string; n: number }) => {
  log.info('begins', { key: event.key });
  await DB.set({ text: 'first' }, event.key, Notes);
  const doubled = await double(event.n);
  await sleep(1);
  await emit(doubled, child);
  log.warn('ends');
  return { doubled };
});

export const retried = worker('retried', { retry: { retries: 1 } }, async (_event, { attempt }) => {
  await DB.set({ text: `attempt ${attempt}` }, 'r', Notes);
  if (attempt === 1) throw new TypeError('not yet');
  return 'at last';
});

export const failing = worker('failing', { retry: { retries: 0 } }, async () => {
  await DB.count(Notes);
  throw new RangeError('too far');
});

export const caught = worker('caught', async () => {
  try {
    await DB.set({ text: 5 as never }, 'x', Notes);
  } catch {
    return 'went on';
  }
});

export const parallel = worker('parallel', async () => {
  await Promise.all(['a', 'b', 'c'].map((key) => DB.set({ text: key }, key, Notes)));
});

export const none = worker('none', async (event) => event);

export const many = worker('many', async (n: number) => {
  for (let i = 0; i < n; i++) await DB.get(`k${i}`, Notes);
});

export const large = worker('large', async () => {
  const text = 'x'.repeat(1_000_000);
  await DB.set({ text }, 'large', Notes);
  return (await DB.get('large', Notes))?.text.length;
});

export const largeValue = worker('largeValue', async () => 'x'.repeat(300_000) + 'end');

export const secret = worker('secret', async () => {
  await DB.set({ text: 's', secret: await Password.hash('hunter2') }, 's', Notes);
  return DB.get('s', Notes);
});

export const waits = worker('waits', async () => {
  await DB.set({ text: 'w' }, 'w', Notes);
  await sleep('30 days');
});

export const hourly = cron('hourly', 'Hourly', async () => DB.count(Notes));

export const emitsAs = worker('emitsAs', async (id: string) => {
  await emit(1, child, { id });
  await emitMany([2, 3], child, { id: `${id}s` });
});

export const emitsAsAndWaits = worker('emitsAsAndWaits', async (id: string) => {
  await emit(1, child, { id });
  await sleep('30 days');
});
