import type { EventHandle } from 'nightshift/client';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';
import { Runs } from './apps/queues';

const app = useApp('queues.ts');
let queues: typeof app.client.queues;
beforeAll(() => {
  ({ queues } = app.client);
});

const emit = (handler: string, n = 0, id?: string): Promise<EventHandle> =>
  app.client.emit({ n }, handler, id === undefined ? {} : { id });
const held = async (name: string): Promise<number> => (await queues.get(name)).held;
const ran = async (): Promise<string[]> =>
  (await app.client.DB.getAll(Runs)).map(({ id }) => id);

test('each handler has a queue, which runs', async () => {
  const list = await queues.list();
  expect(list.map(({ name, kind, state }) => [name, kind, state])).toEqual([
    ['mail', 'worker', 'run'],
    ['nightly', 'cron', 'run'],
    ['odd', 'worker', 'run'],
    ['other', 'worker', 'run'],
    ['retried', 'worker', 'run'],
    ['third', 'worker', 'run'],
  ]);
  expect(list[0]).toMatchObject({ rules: [], held: 0, counts: { new: 0, locked: 0 } });
});

test('a paused queue holds its events, the others run; resume lets them go', async () => {
  await queues.pause('mail', { reason: 'server down', by: 'ops' });
  const events = [await emit('mail', 1), await emit('mail', 2)];
  await (await emit('other')).result();
  await until(
    () => held('mail'),
    (count) => count === 2,
  );
  expect(await events[0]?.status()).toBe('new');
  const queue = await queues.get('mail');
  expect(queue).toMatchObject({
    state: 'pause',
    rules: [{ kind: 'pause', on: 'mail', reason: 'server down', by: 'ops' }],
    counts: { new: 2, done: 0 },
    held: 2,
  });
  const { emittedAt } = (await events[0]?.describe()) ?? {};
  expect(queue.oldest).toEqual(emittedAt);
  const report = await (await queues.resume('mail', { by: 'ops', reason: 'up again' })).result();
  expect(report).toMatchObject({ queue: 'mail', state: 'done', released: 2, total: 2 });
  await Promise.all(events.map((event) => event.result()));
  expect(await queues.get('mail')).toMatchObject({ state: 'run', rules: [], held: 0 });
  expect(await queues.log('mail')).toEqual([
    { action: 'pause', reason: 'server down', by: 'ops', at: expect.any(Date) as Date },
    { action: 'resume', reason: 'up again', by: 'ops', at: expect.any(Date) as Date },
  ]);
});
