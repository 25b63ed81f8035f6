import {
  activities,
  cron,
  datastore,
  DB,
  emit,
  flag,
  Password,
  sleep,
  t,
  uuid,
  worker,
} from 'nightshift';

export const Notes = datastore('Notes', { text: t.String, secret: t.optional(t.Password) });
const { charge } = activities<{ charge(cents: number): Promise<{ receipt: string }> }>({
  startToCloseTimeout: '10s',
  retries: 0,
});

export const child = worker('child', async (event: unknown) => event);

export const order = worker('order', async ({ cents }: { cents: number }) => {
  await DB.set({ text: `order of ${cents}` }, 'order', Notes);
  const { receipt } = await charge(cents);
  await emit({ receipt }, child);
  return { receipt };
});

export const times = worker('times', async () => {
  const at: Date[] = [new Date()];
  await DB.set({ text: new Date().toISOString() }, 'first', Notes);
  at.push(new Date());
  await charge(1);
  at.push(new Date());
  await sleep('1ms');
  await DB.set({ text: new Date().toISOString() }, 'second', Notes);
  return at;
});

export const ids = worker('ids', async () => {
  const key = await DB.add({ text: uuid() }, Notes);
  const id = await emit({ key, other: uuid() }, child);
  await DB.get(key, Notes);
  return { key, id };
});

export const parallel = worker('parallel', async () => {
  const [a, b] = await Promise.all([charge(1), charge(2)]);
  await Promise.all(['x', 'y'].map((key) => DB.set({ text: key }, key, Notes)));
  return [a, b];
});

export const caught = worker('caught', async () => {
  try {
    await DB.set({ text: 5 as never }, 'x', Notes);
  } catch (error) {
    const { name, type, message, cause } = error as Failure;
    return { name, type, message, cause: cause.message };
  }
});

export const caughtActivity = worker('caughtActivity', async () => {
  try {
    await charge(-1);
  } catch (error) {
    const { name, cause } = error as Failure;
    return { name, type: cause.type, message: cause.message };
  }
});

interface Failure extends Error {
  readonly type: string;
  readonly cause: Failure;
}

export const retried = worker('retried', { retry: { retries: 1 } }, async (_event, { attempt }) => {
  await DB.set({ text: `attempt ${attempt} of ${new Date().toISOString()}` }, 'r', Notes);
  if (attempt === 1) throw new TypeError('not yet');
  return 'at last';
});

export const failing = worker('failing', { retry: { retries: 0 } }, async () => {
  await DB.count(Notes);
  throw new RangeError('too far');
});

export const updates = worker('updates', async () => {
  await DB.set({ text: 'a' }, 'u', Notes);
  await DB.update('u', Notes, ({ text }) => ({ text: `${text}b` }));
  return (await DB.query(Notes, (note) => note.text === 'ab')).length;
});

export const secret = worker('secret', async () => {
  await DB.set({ text: 's', secret: await Password.hash('hunter2') }, 's', Notes);
  const found = await DB.get('s', Notes);
  return found?.secret != null && (await Password.check(found.secret, 'hunter2'));
});

export const large = worker('large', async () => {
  await DB.set({ text: 'x'.repeat(1_000_000) }, 'large', Notes);
  return (await DB.get('large', Notes))?.text.length;
});

export const largeValue = worker('largeValue', async () => 'x'.repeat(300_000) + 'end');

/** A timeout that does not come, and sleeps of days that nobody waits for. */
export const timely = worker('timely', { timeout: '1 hour' }, async () => {
  await Promise.race([sleep('3 days'), charge(3)]);
  return DB.count(Notes);
});

export const races = worker('races', { retry: { retries: 0 } }, async () => {
  const first = await Promise.race([
    sleep('20ms').then(() => 'short'),
    sleep('2 days').then(() => 'long'),
  ]);
  await DB.set({ text: first }, 'race', Notes);
});

/** The sleep ends before the activity does. */
export const impatient = worker('impatient', async () =>
  Promise.race([charge(1_000), sleep('100ms').then(() => 'too late')]),
);

export const many = worker('many', async (n: number) => {
  for (let i = 0; i < n; i++) await DB.get(`k${i}`, Notes);
});

export const none = worker('none', async (event) => event);

export const flagged = worker('flagged', async () => {
  if (flag('extra')) await DB.set({ text: 'extra' }, 'f', Notes);
});

export const hourly = cron('hourly', 'Hourly', async (_event, { scheduledAt }) => {
  await DB.set({ text: String(scheduledAt?.toISOString()) }, 'cron', Notes);
});

export const counts = worker('counts', async () => {
  await DB.deleteAll(Notes);
  /* counts */
  const counted = [];
  for (const key of ['a', 'b', 'c']) {
    counted.push(await DB.count(Notes));
    await DB.set({ text: key }, key, Notes);
  }
  return counted;
});
