import pc from 'picocolors';
import { UNICODE } from '../../src/cli/io';
import { renderTrace } from '../../src/cli/render-trace';
import { createEmitter } from '../../src/events/emit-event';
import { emitEach } from '../../src/events/emit-many';
import { useApp } from '../support/test-app';
import { until } from '../support/until';
import { count } from './apps/emit-many';

const app = useApp('emit-many.ts', { retryDelay: 10 });

const handled = async (): Promise<number> =>
  (await app.client.events.count({ handler: 'count' })).done;

/** Those of the numbers that were handled, and those handled more than once. */
async function recordsOf(
  numbers: readonly number[],
): Promise<{ handled: number; repeated: number }> {
  const keys = numbers.map((n) => `count-${n}`) as never[];
  const records = app.db.collection('Counted');
  const [handled, repeated] = await Promise.all([
    records.countDocuments({ _id: { $in: keys } }),
    records.countDocuments({ _id: { $in: keys }, r: { $ne: 1 } }), // r counts the writes of a record
  ]);
  return { handled, repeated };
}

test('a handler emits 2,000 events, each of which is handled once', async () => {
  const fanOut = await app.client.emit(600, 'fanOut');
  const ids = (await fanOut.result()) as string[];
  expect(new Set(ids).size).toBe(600);
  await until(handled, (done) => done >= 600, 120_000);
  expect(await handled()).toBe(600);
  expect(await recordsOf(ids.map((_, n) => n))).toEqual({ handled: 600, repeated: 0 });

  const [attempt] = (await app.client.traces.get(fanOut.id)).attempts;
  expect(attempt?.steps.map(({ name }) => name)).toEqual(Array(6).fill('Event::emitMany'));
  const children = attempt?.steps.flatMap((step) => step.children ?? []);
  expect(children).toEqual(ids.map((id) => ({ handler: 'count', id })));
  const look = { colors: pc.createColors(false), symbols: UNICODE, width: 100 };
  expect(renderTrace(await app.client.traces.get(fanOut.id), look)).toContain(
    `→ nightshift trace ${ids[102]}\n│      and 97 more\n`,
  );
  expect(await app.client.traces.get(ids[345] ?? '')).toMatchObject({
    event: { n: 345 },
    parent: { id: fanOut.id, handler: 'fanOut' },
  });
}, 240_000);

test('events that were emitted before are accepted once', async () => {
  const emitter = createEmitter({
    ...{ client: app.temporal, app: app.name, eager: false, now: Date.now },
  });
  const before = await handled();
  const events = Array.from({ length: 100 }, (_, n) => ({ n: 10_000 + n }));
  const ids = events.map(({ n }) => `twice-${n}`);
  const some = { ids: ids.slice(0, 60) };
  await emitEach(emitter, events.slice(0, 60), 'count', some); // one that dies here is repeated as a whole
  await emitEach(emitter, events, 'count', { ids });
  await until(handled, (done) => done >= before + 100);
  expect(await handled()).toBe(before + 100);
  expect(await recordsOf(events.map(({ n }) => n))).toEqual({ handled: 100, repeated: 0 });
}, 60_000);

test('an id makes the ids of all, so that a retry of the handler emits them once', async () => {
  const before = await handled();
  const event = await app.client.emit('chosen', 'again');
  expect(await event.result()).toEqual(['chosen-0', 'chosen-1']);
  await until(handled, (done) => done >= before + 2);
  expect(await recordsOf([1_000_001, 1_000_002])).toEqual({ handled: 2, repeated: 0 });
  expect((await event.describe()).attempts).toBe(2);
});

test('delays them all', async () => {
  expect(await (await app.client.emit(null, 'later')).result()).toEqual(['later-0', 'later-1']);
  expect(await app.client.events.get('later-1').status()).toBe('new');
});

test('emits to a name, and none where there are none', async () => {
  expect(await (await app.client.emit([1, 2], 'named')).result()).toEqual(['news-0', 'news-1']);
  await app.client.events
    .get('news-1')
    .result()
    .catch(() => {});
  expect(await app.client.events.get('news-1').status()).toBe('missing');
  expect(await (await app.client.emit([], 'named')).result()).toEqual([]);
});

test.each<[unknown, string]>([
  [[{ n: 1 }, { n: 'two' }], 'Expected Int for count[1].n, got String'],
  [{ n: 1 }, 'emitMany takes a list of events, got object'],
])('refuses %j as a whole', async (events, message) => {
  const before = await handled();
  const event = await app.client.emit(events, 'wrong');
  await expect(event.result()).rejects.toMatchObject({ code: 'handler_failed', message });
  await expect(app.client.emitMany(events as never, count)).rejects.toMatchObject({
    ...{ code: 'event_invalid', message },
  });
  expect(await handled()).toBe(before);
});

test('the client emits many, too, and again under the same id', async () => {
  const events = [{ n: 600_001 }, { n: 600_002 }, { n: 600_003 }];
  const [first = '', ...rest] = await app.client.emitMany(events, count);
  expect(rest).toHaveLength(2);
  await app.client.events.get(first).result();
  const ids = await app.client.emitMany(events.slice(0, 1), count, { id: 'mine' });
  expect(await app.client.emitMany(events, count, { id: 'mine' })).toEqual([
    'mine-0',
    'mine-1',
    'mine-2',
  ]);
  expect(ids).toEqual(['mine-0']);
  await app.client.emit(null, 'echo', { id: 'other-1' });
  await expect(app.client.emitMany(events, count, { id: 'other' })).rejects.toMatchObject({
    code: 'event_id_taken',
  });
});
