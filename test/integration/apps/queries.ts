import * as ns from 'nightshift';
import { datastore, DB as db, t, worker } from 'nightshift';

export const People = datastore('People', {
  name: t.String,
  age: t.Int,
  city: t.optional(t.String),
  pets: t.List(t.String),
  joined: t.Date,
});

const isTeenager = ({ age }: { age: number }): boolean => age >= 13 && age < 20;

export const older = worker('older', async (event: { user: { age: number } }) =>
  db.query(People, (p) => p.age > event.user.age),
);
export const since = worker('since', async (day: Date) => {
  const count = 0;
  return db.queryCount(People, (u) => u.joined >= day && u.pets.length > count);
});
export const teenagers = worker('teenagers', async () => ns.DB.queryWithKey(People, isTeenager));
export const oneIn = worker('oneIn', async (city: string) =>
  db.queryOneWithKey(People, (p) => p.city?.toLowerCase() === city),
);
export const wrongCapture = worker(
  'wrongCapture',
  { retry: { retries: 0 } },
  async (age: unknown) => db.query(People, (p) => p.age > (age as number)),
);

/** Told to the worker process only by their text: nobody emits to it. */
export const asked = worker('asked', async (day: Date) => [
  await db.query(People, (p) => p.pets.includes('rex') || p.joined < day),
  await db.queryOneWithExactFields({ name: 'Ann' }, People),
  await db.queryExactFields({ city: 'Rome' }, People),
]);

export const everybody = worker('everybody', { retry: { retries: 0 } }, async () =>
  db.query(People, (p) => p.age >= 0),
);
