import type { EventHandle } from 'nightshift/client';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';
import { Runs } from './apps/queues';

const FLIPS = 50;
const AT_A_TIME = 5; // while paused, and as many while not
const app = useApp('queues.ts');

const heldIds = async (): Promise<Set<string>> => {
  const stored = await app.db.collection<{ _id: string }>('nightshift.held').find().toArray();
  return new Set(stored.map(({ _id }) => _id));
};
const ranIds = async (): Promise<Set<string>> =>
  new Set((await app.client.DB.getAll(Runs)).map(({ id }) => id));

test('500 events while pause and resume flip 50 times: each is handled exactly once, none begins while paused', async () => {
  const { queues } = app.client;
  const events: EventHandle[] = [];
  const emitSome = async (): Promise<EventHandle[]> => {
    const first = events.length;
    const some = await Promise.all(
      Array.from({ length: AT_A_TIME }, (_, i) => app.client.emit({ n: first + i }, 'mail')),
    );
    events.push(...some);
    return some;
  };
  for (let flip = 0; flip < FLIPS; flip++) {
    await queues.pause('mail');
    // Emitted after the pause was acknowledged: none of these may run, however busy everything is.
    const during = await emitSome();
    const [held, ran] = await until(
      () => Promise.all([heldIds(), ranIds()]),
      ([waiting, handled]) => during.every(({ id }) => waiting.has(id) || handled.has(id)),
    );
    expect(during.filter(({ id }) => ran.has(id) || !held.has(id))).toEqual([]);
    // These meet the resume, and the next pause, in every order.
    await Promise.all([queues.resume('mail'), emitSome()]);
  }
  await Promise.all(events.map((event) => event.result()));

  const runs = (await app.client.DB.getAll(Runs)).map(({ n }) => n).sort((a, b) => a - b);
  expect(runs).toEqual(Array.from({ length: 2 * FLIPS * AT_A_TIME }, (_, n) => n));
  await untilIs(async () => (await queues.get('mail')).held, 0);
}, 120_000);
