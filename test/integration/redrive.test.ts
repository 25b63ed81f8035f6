import type { EventHandle } from 'nightshift/client';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const BASE = `
  export const Runs = datastore('Runs', { id: t.String, n: t.Int });
  const run = async (event, info) => {
    await DB.add({ id: info.id, n: event.n }, Runs);
    return { n: event.n, attempt: info.attempt, emittedAt: info.emittedAt };
  };
`;
const FAILING = `${BASE}
  export const mail = worker('mail', { retry: { retries: 1, delay: 10 } }, async (event) => {
    throw new RangeError(event.n % 2 === 0 ? 'even' : 'odd');
  });
`;
const REPAIRED = `${BASE} export const mail = worker('mail', run);`;

const folder = useAppFolder();
const app = useApp(folder.write(FAILING));
let events: typeof app.client.events;
beforeAll(() => {
  ({ events } = app.client);
});

const serve = async (source: string): Promise<void> => {
  folder.write(source);
  await app.worker.reload();
};
const runs = async (): Promise<number[]> => {
  const stored = await app.db.collection<{ v: { n: number } }>('Runs').find().toArray();
  return stored.map(({ v }) => Number(v.n));
};
const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** Emits so many events that fail, and waits until Temporal lists them so. */
async function failed(count: number, from = 0): Promise<EventHandle[]> {
  await serve(FAILING);
  const before = (await events.count({ handler: 'mail' })).error;
  const emitted: EventHandle[] = [];
  for (let n = from; n < from + count; n++) emitted.push(await app.client.emit({ n }, 'mail'));
  await Promise.all(emitted.map((event) => event.result().catch(() => {})));
  await until(
    () => events.count({ handler: 'mail' }),
    ({ error }) => error === before + count,
  );
  await app.db.collection('Runs').deleteMany({});
  await serve(REPAIRED);
  return emitted;
}

test('events that ended in error run again: the same ids, new runs, attempt 1, each once', async () => {
  const emitted = await failed(6);
  const described = await emitted[0]?.describe();
  const report = await (await events.redrive({ handler: 'mail' })).result();
  expect(report).toMatchObject({
    handler: 'mail',
    status: 'error',
    state: 'done',
    total: 6,
    redriven: 6,
    passedOver: 0,
    problems: [],
  });
  const values = (await Promise.all(emitted.map((event) => event.result()))) as {
    n: number;
    attempt: number;
    emittedAt: Date;
  }[];
  expect(values.map(({ n, attempt }) => [n, attempt])).toEqual(
    [0, 1, 2, 3, 4, 5].map((n) => [n, 1]),
  );
  expect(values[0]?.emittedAt).toEqual(described?.emittedAt);
  expect(sorted(await runs())).toEqual([0, 1, 2, 3, 4, 5]);

  const { runs: all } = await until(
    () => emitted[0]?.describe() ?? Promise.reject(new Error()),
    (description) => description.runs.every(({ outcome }) => outcome !== 'locked'),
  );
  expect(all.map(({ outcome }) => outcome)).toEqual(['retried', 'error', 'done']);
  await until(
    () => events.count({ handler: 'mail' }),
    ({ done, error }) => done === 6 && error === 0,
  );
  expect(await events.list({ handler: 'mail', status: 'error' })).toEqual([]);
  expect((await events.list({ handler: 'mail' })).map(({ id }) => id).sort()).toEqual(
    emitted.map(({ id }) => id).sort(),
  );
  expect(await app.client.queues.get('mail')).toMatchObject({ counts: { error: 0 } });
  expect(await app.client.events.count({ handler: 'mail' })).toMatchObject({ done: 6, error: 0 });

  expect(await (await events.redrive({ handler: 'mail' })).result()).toMatchObject({
    total: 0,
    redriven: 0,
  });
});

test('only those whose error holds a text, and only those of a time', async () => {
  const old = await failed(2, 10);
  const since = new Date();
  await failed(4, 20);
  const by = async (options: object): Promise<number[]> => {
    await app.db.collection('Runs').deleteMany({});
    const { redriven } = await (await events.redrive({ handler: 'mail', ...options })).result();
    return sorted(
      await until(
        () => runs(),
        (numbers) => numbers.length === redriven,
      ),
    );
  };
  expect(await by({ text: 'odd', since })).toEqual([21, 23]);
  expect(await by({ since })).toEqual([20, 22]);
  expect(await by({ until: since, text: 'nothing like it' })).toEqual([]);
  expect(await old[0]?.status()).toBe('error');
  expect(await by({ until: since })).toEqual([10, 11]);
});

test('only these ids; what cannot be redriven is passed over and told', async () => {
  const emitted = await failed(3, 30);
  const [first, second] = emitted.map(({ id }) => id);
  const done = await app.client.emit({ n: 1 }, 'mail');
  await done.result();
  const other = await app.client.emit(1, 'nobody');
  await other.result().catch(() => {});
  const report = await (
    await events.redrive({
      handler: 'mail',
      ids: [first ?? '', second ?? '', 'never', done.id, other.id],
    })
  ).result();
  expect(report).toMatchObject({ state: 'done', total: 5, redriven: 2, passedOver: 3 });
  expect(report.problems).toEqual([
    { id: 'never', why: 'its history is gone' },
    { id: done.id, why: 'its status is done' },
    { id: other.id, why: 'it is an event of handler "nobody"' },
  ]);
  expect(await emitted[2]?.status()).toBe('error');
});

test('an event whose history is gone by the time of its turn is passed over, and the others go on', async () => {
  const emitted = await failed(3, 40);
  const operation = await events.redrive({ handler: 'mail', rate: 0.5 });
  await operation.pause();
  await until(
    () => app.db.collection('nightshift.redriven').countDocuments({ state: 'waiting' }),
    (waiting) => waiting > 0,
  );
  const last = emitted[2]?.id ?? '';
  await app.temporal.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: `${app.name}/${last}` },
  });
  await until(
    () =>
      events
        .get(last)
        .status()
        .catch(() => 'gone'),
    (status) => status === 'gone',
    90_000, // the server deletes in its own time, with pauses in between
  );
  await operation.resume();
  const report = await operation.result();
  expect(report).toMatchObject({ state: 'done', passedOver: 1 });
  expect(report.problems).toEqual([{ id: last, why: 'its history is gone' }]);
}, 120_000);

test('at a rate, with progress; paused, it stops and goes on; cancelled, the rest stays in error', async () => {
  const emitted = await failed(12, 50);
  const operation = await events.redrive({ handler: 'mail', rate: 2 });
  await expect(events.redrive({ handler: 'mail' })).rejects.toMatchObject({
    code: 'redrive_running',
  });
  await until(
    () => operation.progress(),
    ({ redriven }) => redriven > 0,
  );
  await operation.pause();
  const { redriven } = await until(
    () => operation.progress(),
    ({ state }) => state === 'paused',
  );
  expect(redriven).toBeLessThan(12);
  await operation.resume();
  await until(
    () => operation.progress(),
    (progress) => progress.redriven > redriven,
  );
  await operation.cancel();
  await expect(operation.result()).rejects.toMatchObject({ code: 'cancelled' });
  await expect(operation.pause()).rejects.toMatchObject({ code: 'operation_ended' });
  const statuses = await Promise.all(emitted.map((event) => event.status()));
  expect(statuses.filter((status) => status === 'error').length).toBeGreaterThan(0);

  await (await events.redrive({ handler: 'mail' })).result();
  await Promise.all(emitted.map((event) => event.result()));
  const again = sorted(await runs()).filter((n) => n >= 50);
  expect(again).toEqual(emitted.map((_, i) => 50 + i)); // each once, the cancelled redrive included
}, 60_000);

test('redriven events of a paused queue are held', async () => {
  const [event] = await failed(1, 70);
  await app.client.queues.pause('mail');
  await (await events.redrive({ handler: 'mail', ids: [event?.id ?? ''] })).result();
  await untilIs(async () => (await app.client.queues.get('mail')).held, 1);
  await app.client.queues.resume('mail');
  expect(await event?.result()).toMatchObject({ n: 70 });
});

describe('missing.redrive', () => {
  test('is refused while nobody handles the name', async () => {
    await expect(app.client.missing.redrive('later')).rejects.toMatchObject({
      code: 'still_missing',
      message: 'No handler "later" is served, so its events wait',
    });
  });

  test('runs the events in order, once, and takes the name off the list', async () => {
    const { missing } = app.client;
    const emitted: EventHandle[] = [];
    for (let n = 0; n < 8; n++) emitted.push(await app.client.emit({ n }, 'later'));
    await Promise.all(emitted.map((event) => event.result().catch(() => {})));
    expect((await missing.list()).find(({ name }) => name === 'later')?.count).toBe(8);
    await until(
      () => events.count({ handler: 'later' }),
      (counts) => counts.missing === 8,
    );
    await serve(`${BASE} export const later = worker('later', run);`);
    await app.db.collection('Runs').deleteMany({});
    const report = await (await missing.redrive('later', { rate: 20 })).result();
    expect(report).toMatchObject({ status: 'missing', total: 8, redriven: 8 });
    await Promise.all(emitted.map((event) => event.result()));
    expect(sorted(await runs())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const started = await Promise.all(
      emitted.map(async (event) => (await event.describe()).startsAt.getTime()),
    );
    expect(started).toEqual(sorted(started));
    expect((await missing.list()).map(({ name }) => name)).not.toContain('later');
    await until(
      () => events.count({ handler: 'later' }),
      (counts) => counts.done === 8 && counts.missing === 0,
    );
  });
});

describe('is refused', () => {
  test.each<[string, object, string]>([
    ['a status that cannot be redriven', { status: 'done' }, 'redrive_invalid'],
    ['a rate of 0', { rate: 0 }, 'rate_invalid'],
    ['a rate below 0', { rate: -1 }, 'rate_invalid'],
    ['an empty list of ids', { ids: [] }, 'redrive_invalid'],
    ['an id that cannot be one', { ids: [''] }, 'event_invalid'],
    ['an empty text', { text: '' }, 'redrive_invalid'],
    ['an Invalid Date', { since: new Date(NaN) }, 'redrive_invalid'],
    ['a time after its end', { since: new Date(2), until: new Date(1) }, 'redrive_invalid'],
    ['a name of ours', { handler: 'nightshift.x' }, 'handler_name_invalid'],
  ])('%s', async (_what, options, code) => {
    await expect(events.redrive({ handler: 'mail', ...options })).rejects.toMatchObject({
      code,
    });
  });

  test('what was never begun', async () => {
    await expect(events.redriving('never').progress()).rejects.toMatchObject({
      code: 'operation_not_found',
    });
  });
});
