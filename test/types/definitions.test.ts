import {
  activities,
  cron,
  type CronDefinition,
  datastore,
  DB,
  emit,
  emitMany,
  type EventInfo,
  type HashedPassword,
  migration,
  type MigrationDefinition,
  type RecordOf,
  t,
  type ValueOf,
  worker,
  type WorkerDefinition,
} from 'nightshift';
import type { EventHandle, NightshiftClient } from 'nightshift/client';
import type { Equal, Expect, Flat } from './expect-type';

// Checked by `tsc --noEmit`: what is inside functions is never run.
/* eslint-disable @typescript-eslint/no-unused-vars -- many a name is there for its type */

const Users = datastore('Users', {
  name: t.String,
  age: t.Int,
  score: t.Float,
  active: t.Bool,
  joined: t.Date,
  id: t.UUID,
  secret: t.Password,
  tags: t.List(t.String),
  counts: t.Dict(t.List(t.Int)),
  place: t.Record({ lat: t.Float, note: t.optional(t.String) }),
  nick: t.optional(t.String),
});
const Pets = datastore('Pets', { name: t.String });
type User = RecordOf<typeof Users>;

export type RecordTypes = [
  Expect<Equal<User['name'], string>>,
  Expect<Equal<User['age'], number>>,
  Expect<Equal<User['score'], number>>,
  Expect<Equal<User['active'], boolean>>,
  Expect<Equal<User['joined'], Date>>,
  Expect<Equal<User['id'], string>>,
  Expect<Equal<User['secret'], HashedPassword>>,
  Expect<Equal<User['tags'], string[]>>,
  Expect<Equal<User['counts'], Record<string, number[]>>>,
  Expect<Equal<User['place']['lat'], number>>,
  Expect<Equal<User['place']['note'], string | null | undefined>>,
  Expect<Equal<User['nick'], string | null | undefined>>,
  Expect<Equal<Flat<RecordOf<typeof Pets>>, { name: string }>>,
  Expect<Equal<ValueOf<typeof t.Date>, Date>>,
];

const typed = worker(
  'typed',
  { event: t.Record({ to: t.String, at: t.optional(t.Date) }) },
  async (event, info) => {
    type Checks = [
      Expect<Equal<typeof event.to, string>>,
      Expect<Equal<typeof event.at, Date | null | undefined>>,
      Expect<Equal<typeof info, EventInfo>>,
      Expect<Equal<typeof info.scheduledAt, Date | undefined>>,
    ];
    // @ts-expect-error: the schema has no such field
    void event.cc;
    return {} as Checks;
  },
);
const listed = worker('listed', { event: t.List(t.Int), retry: { retries: 0 } }, async (event) =>
  event.map((n) => n * 2),
);
const annotated = worker('annotated', async (event: { id: string }) => event.id);
const withOptions = worker('withOptions', { timeout: '5 minutes' }, async (event: number) => event);
const PetsV2 = datastore('PetsV2', { name: t.String, age: t.optional(t.Int) });
const copied = migration('copied', Pets, PetsV2, (pet, key) => {
  type Checks = [
    Expect<Equal<Flat<typeof pet>, { name: string }>>,
    Expect<Equal<typeof key, string>>,
  ];
  void ([] as unknown as Checks);
  return key === '' ? undefined : { ...pet, age: 3 };
});
const daily = cron('daily', 'Daily', async (event) => event);

export type DefinitionTypes = [
  Expect<typeof listed extends WorkerDefinition<number[], number[]> ? true : false>,
  Expect<Equal<typeof annotated, WorkerDefinition<{ id: string }, string>>>,
  Expect<Equal<typeof withOptions, WorkerDefinition<number, number>>>,
  Expect<Equal<typeof daily, CronDefinition<null>>>,
  Expect<Equal<typeof copied, MigrationDefinition>>,
];

export function definitionsRefuse(): void {
  // @ts-expect-error: no record of the second datastore
  migration('m', Pets, Users, (pet) => pet);
  // @ts-expect-error: a migration's function is not async
  migration('m', Pets, PetsV2, async (pet) => pet);
  // @ts-expect-error: a datastore, not its name
  migration('m', 'Pets', PetsV2, (pet) => pet);
  // @ts-expect-error: a duration is a number or a text such as '5 minutes'
  worker('w', { retry: { delay: 'soon' } }, async () => {});
  // @ts-expect-error: a handler is async
  worker('w', () => 1);
  // @ts-expect-error: no such interval
  cron('c', 'Monthly', async () => {});
  // @ts-expect-error: an interval or a cron expression, told apart by their names
  cron('c', { minutes: 5 }, async () => {});
  // @ts-expect-error: a cron has no schema of its event, which is null
  cron('c', 'Daily', { event: t.String }, async () => {});
  // @ts-expect-error: a type is one of t
  datastore('D', { name: 'String' });
  // @ts-expect-error: the argument of the handler does not fit the schema
  worker('w', { event: t.Record({ a: t.Int }) }, async (event: { a: string }) => event);
}

export async function handlersEmit(): Promise<void> {
  const id = await emit({ to: 'paul' }, typed);
  type Checks = Expect<Equal<typeof id, string>>;
  void ({} as Checks);
  await emit({ to: 'paul', at: null }, typed, { delay: '1 hour', id: 'a' });
  await emit([1, 2], listed);
  await emit({ anything: 'goes' }, 'by name');
  await emitMany([{ to: 'paul' }, { to: 'eva', at: null }], typed, { delay: '1 hour', id: 'a' });
  await emitMany([1, 'two'], 'by name');
  // @ts-expect-error: one event lacks a field
  await emitMany([{ to: 'paul' }, {}], typed);
  // @ts-expect-error: wrong type of a field
  await emit({ to: 5 }, typed);
  // @ts-expect-error: missing field
  await emit({}, typed);
  // @ts-expect-error: wrong event
  await emit('x', annotated);
  // @ts-expect-error: a delay is a duration
  await emit({ to: 'paul' }, typed, { delay: true });
}

export async function clientsEmit(client: NightshiftClient): Promise<void> {
  const event = await client.emit({ id: 'a' }, annotated);
  type Checks = Expect<Equal<typeof event, EventHandle>>;
  void ({} as Checks);
  await client.emit(5, 'by name', { at: new Date() });
  // @ts-expect-error: wrong event
  await client.emit({ id: 5 }, annotated);
}

export async function databaseFunctions(user: User, secret: HashedPassword): Promise<void> {
  const set = await DB.set(user, 'paul', Users);
  const key = await DB.add({ name: 'Rex' }, Pets);
  const one = await DB.get('rex', Pets);
  const many = await DB.getMany(['rex'], Pets);
  const existing = await DB.getExisting(['rex'], Pets);
  const withKeys = await DB.getAllWithKeys(Pets);
  const found = await DB.queryExactFields({ name: 'Rex' }, Pets);
  const pair = await DB.queryOneWithExactFieldsWithKey({ name: 'Rex' }, Pets);
  type Pet = RecordOf<typeof Pets>;
  type Checks = [
    Expect<Equal<typeof set, User>>,
    Expect<Equal<typeof key, string>>,
    Expect<Equal<typeof one, Pet | undefined>>,
    Expect<Equal<typeof many, Pet[] | undefined>>,
    Expect<Equal<typeof existing, Pet[]>>,
    Expect<Equal<typeof withKeys, Record<string, Pet>>>,
    Expect<Equal<typeof found, Pet[]>>,
    Expect<Equal<typeof pair, [string, Pet] | undefined>>,
  ];
  void ({} as Checks);
  await DB.queryExactFields({ nick: undefined, secret }, Users);
  // @ts-expect-error: a record of another datastore
  await DB.set({ name: 'Rex' }, 'rex', Users);
  // @ts-expect-error: wrong type of a field
  await DB.set({ name: 5 }, 'rex', Pets);
  // @ts-expect-error: a field too many
  await DB.set({ name: 'Rex', age: 5 }, 'rex', Pets);
  // @ts-expect-error: Dark's order: the key before the datastore
  await DB.get(Pets, 'rex');
  // @ts-expect-error: a key is a text
  await DB.get(5, Pets);
  // @ts-expect-error: a password is hashed first
  await DB.queryExactFields({ secret: 'text' }, Users);
  // @ts-expect-error: no such field
  await DB.queryExactFields({ agee: 5 }, Users);
}

export async function activityTypes(): Promise<void> {
  const { double } = activities<{ double(n: number): Promise<number> }>({
    startToCloseTimeout: '5s',
  });
  const doubled = await double(2);
  type Checks = Expect<Equal<typeof doubled, number>>;
  void ({} as Checks);
  // @ts-expect-error: wrong argument
  await double('2');
  // @ts-expect-error: how long it may take has no default
  activities({});
}

test('definitions carry their types: checked by tsc, see above', () => {
  expect([typed.name, listed.name, annotated.name, withOptions.name, daily.name]).toHaveLength(5);
});
