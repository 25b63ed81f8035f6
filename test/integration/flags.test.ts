import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const app = useApp('flags.ts');
let flags: typeof app.client.flags;
beforeAll(() => {
  ({ flags } = app.client);
});

const value = async (handler: string, event: unknown = null): Promise<unknown> =>
  (await app.client.emit(event, handler)).result();

/** What the event's gate put into its history. */
async function admission(id: string): Promise<unknown> {
  const { events } = await app.temporal.workflow.getHandle(`${app.name}/${id}`).fetchHistory();
  const marker = events?.find(({ markerRecordedEventAttributes }) => markerRecordedEventAttributes);
  const data = marker?.markerRecordedEventAttributes?.details?.['result']?.payloads?.[0]?.data;
  return JSON.parse(Buffer.from(data ?? '').toString());
}

test('a flag is false until it is set, then as it was set last', async () => {
  expect(await value('which')).toEqual([false, false, false]);
  await flags.set('first', true);
  expect(await value('which')).toEqual([true, false, false]);
  await flags.set('second', true);
  expect(await value('which')).toEqual([true, true, false]);
  await flags.set('first', false);
  expect(await value('which')).toEqual([false, true, false]);
  expect(await flags.list()).toEqual([
    { name: 'first', on: false, changedAt: expect.any(Date) as Date },
    { name: 'second', on: true, changedAt: expect.any(Date) as Date },
  ]);
});

test('flags are read once, and are in the history', async () => {
  await flags.set('first', true);
  await flags.set('second', false);
  const event = await app.client.emit(null, 'which');
  await event.result();
  expect(await admission(event.id)).toEqual({ answer: 'run', flags: ['first'] });
});

test('a change in the middle of an event does not change what it sees, the next event sees it', async () => {
  await flags.set('first', true);
  const event = await app.client.emit(1500, 'twice');
  await until(
    async () =>
      (await app.temporal.workflow.getHandle(`${app.name}/${event.id}`).describe()).historyLength,
    (length) => length > 4,
  );
  await flags.set('first', false);
  await app.worker.reload(); // nothing of the event is in any memory now
  expect(await event.result()).toEqual([true, true]);
  expect(await value('twice', 1)).toEqual([false, false]);
});

test('each attempt sees the flags as they are when it begins', async () => {
  const event = await app.client.emit(null, 'retried');
  await untilIs(() => event.status(), 'new');
  await flags.set('repaired', true);
  expect(await event.result()).toBe(2);
});

test.each<[string, unknown, unknown]>([
  ['an empty name', '', true],
  ['a name with a space before it', ' x', true],
  ['a name of 201 characters', 'x'.repeat(201), true],
  ['a name that is none', 5, true],
  ['a value that is no boolean', 'x', 'on'],
])('%s is refused', async (_what, name, on) => {
  await expect(flags.set(name as string, on as boolean)).rejects.toMatchObject({
    name: 'InvalidInputError',
    code: 'flag_invalid',
  });
});

test('any text is a name', async () => {
  for (const name of ['$where', 'a.b', '__proto__', 'x'.repeat(200)]) await flags.set(name, true);
  expect((await flags.list()).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['$where', 'a.b', '__proto__']),
  );
});

test('flags that are set at the same time are all set', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `parallel-${String(i).padStart(2, '0')}`);
  await Promise.all(names.map((name) => flags.set(name, true)));
  await Promise.all(names.map((name, i) => flags.set(name, i % 2 === 0)));
  const set = (await flags.list()).filter(({ name }) => name.startsWith('parallel'));
  expect(set.map(({ name }) => name)).toEqual(names);
  expect(set.map(({ on }) => on)).toEqual(names.map((_, i) => i % 2 === 0));
});
