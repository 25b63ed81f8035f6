import { activities, cron, datastore, DB, emit, Password, t, uuid, worker } from 'nightshift';

export const Users = datastore('Users', {
  name: t.String,
  logins: t.Int,
  secret: t.optional(t.Password),
});
const { charge } = activities<{ charge(cents: number): Promise<string> }>({
  startToCloseTimeout: '10s',
});

export const child = worker('child', async (event: unknown) => event);

export const signup = worker('signup', async (name: string) => {
  const found = await DB.get(name, Users);
  await DB.set({ name, logins: (found?.logins ?? 0) + 1 }, name, Users);
  const receipt = await charge(5);
  const id = await emit({ name, receipt }, child);
  await DB.add({ name: uuid(), logins: 0 }, Users);
  return { id, receipt };
});

/** Reads what it has written. */
export const own = worker('own', async () => {
  await DB.set({ name: 'own', logins: 1 }, 'own', Users);
  const updated = await DB.update('own', Users, (user) => ({ ...user, logins: user.logins + 1 }));
  const all = await DB.getExisting(['own', 'other', 'none'], Users);
  await DB.delete('own', Users);
  return [updated.logins, all.map(({ name }) => name), await DB.get('own', Users)];
});

export const counts = worker('counts', async () => {
  await DB.set({ name: 'counted', logins: 1 }, 'counted', Users);
  return DB.queryCount(Users, (user) => user.name === 'counted');
});

export const caught = worker('caught', async (logins: number) => {
  try {
    await DB.set({ name: 'c', logins }, 'c', Users);
    return 'written';
  } catch (error) {
    return (error as { type: string }).type;
  }
});

export const secret = worker('secret', async (text: string) => {
  const found = await DB.get('secret', Users);
  const right = found?.secret != null && (await Password.check(found.secret, text));
  await DB.set({ name: 's', logins: 1, secret: await Password.hash(text) }, 'secret', Users);
  return right;
});

export const reads = worker('reads', async (n: number) => {
  let found = 0;
  for (let i = 0; i < n; i++) if ((await DB.get(`user-${i}`, Users)) !== undefined) found++;
  return found;
});

/** Each chain goes on at its own pace. */
export const parallel = worker('parallel', async () =>
  Promise.all(
    ['x', 'y', 'z'].map(async (key, i) => {
      for (let ticks = 0; ticks < i; ticks++) await Promise.resolve();
      const found = await DB.get(key, Users);
      await DB.set({ name: key, logins: 1 }, `${key}-${found?.logins ?? 0}`, Users);
      return (await DB.get(`${key}-0`, Users))?.name;
    }),
  ),
);

export const retried = worker('retried', { retry: { retries: 1 } }, async (_event, { attempt }) => {
  await DB.set({ name: `attempt ${attempt}`, logins: 1 }, 'retried', Users);
  if (attempt === 1) throw new TypeError('not yet');
});

export const hourly = cron('hourly', 'Hourly', async (_event, { scheduledAt }) => {
  await DB.set({ name: String(scheduledAt?.toISOString()), logins: 0 }, 'hourly', Users);
});
