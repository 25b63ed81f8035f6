import {
  datastore,
  DB,
  type DatastoreFunctions,
  HashedPassword,
  Password,
  t,
  worker,
} from 'nightshift';

export const Users = datastore('Users', {
  name: t.String,
  age: t.Int,
  tags: t.List(t.String),
  nick: t.optional(t.String),
});

export const All = datastore('All', {
  text: t.String,
  int: t.Int,
  float: t.Float,
  bool: t.Bool,
  date: t.Date,
  uuid: t.UUID,
  password: t.optional(t.Password),
  dict: t.Dict(t.Int),
  dicts: t.List(t.Dict(t.Int)),
  place: t.Record({ lat: t.Float, name: t.optional(t.String) }),
  maybe: t.optional(t.Date),
  constructor: t.optional(t.Int),
});

export const Blobs = datastore('Blobs', { text: t.String });

/** Not exported: the app does not have it. Used through an object, so that its text does not tell. */
const Hidden = datastore('Hidden', { a: t.Int });

const stores = { Users, All, Blobs, Hidden };
const once = { retry: { retries: 0 } };

interface Call {
  readonly call: keyof DatastoreFunctions;
  readonly args: readonly unknown[];
  readonly store?: keyof typeof stores;
}

/** Calls one function of DB, so that the same table of rules runs within a handler and from the client. */
export const call = worker('call', once, async ({ call: name, args, store }: Call) => {
  const functions = DB as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return functions[name]?.(...args, ...(store === undefined ? [] : [stores[store]]));
});

export const hidden = worker('hidden', once, async () => DB.get('a', stores.Hidden));

export const unstorable = worker('unstorable', once, async () => {
  await DB.set({ name: (() => 1) as never, age: 1, tags: [] }, 'f', Users);
});

export const shapes = worker('shapes', once, async (key: string) => {
  const record = await DB.get(key, All);
  const [again] = await DB.getAll(All);
  if (record === undefined || again === undefined) throw new Error('no record');
  const dicts = [record.dict, record.dicts[0], again.dict];
  return {
    date: record.date instanceof Date,
    bare: dicts.map((dict) => Object.getPrototypeOf(dict) === null),
    inherited: 'valueOf' in record.dict,
    absent: 'maybe' in record,
  };
});

export const passwords = worker('passwords', once, async (text: string) => {
  const hashed = await Password.hash(text);
  const [{ password: old } = {}] = await DB.getAll(All);
  if (old != null) await Password.check(old, text);
  return {
    shown: `${JSON.stringify(hashed)} ${String(hashed)}`,
    is: hashed instanceof HashedPassword,
    right: await Password.check(hashed, text),
    wrong: await Password.check(hashed, `${text}!`),
    hashed,
  };
});

export const two = worker('two', once, async (key: string) => {
  await DB.set({ name: 'Paul', age: 41, tags: [] }, key, Users);
  return DB.get(key, Users);
});

export const generates = worker('generates', once, async () => [
  await DB.generateKey(),
  await DB.generateKey(),
]);
