import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';
import { Steps } from './apps/cancelling';

const ended: string[] = [];

const app = useApp('cancelling.ts', {
  activities: {
    async hang(id: string) {
      const heartbeat = setInterval(() => Context.current().heartbeat(), 100);
      try {
        await Context.current().cancelled;
      } catch (error) {
        if (error instanceof CancelledFailure) ended.push(id);
        throw error;
      } finally {
        clearInterval(heartbeat);
      }
    },
  },
});

const stepsOf = async (id: string): Promise<string[]> =>
  (await app.client.DB.keys(Steps)).filter((key) => key.startsWith(id)).sort();

async function expectCancelled(id: string): Promise<void> {
  const event = app.client.events.get(id);
  await expect(event.result()).rejects.toMatchObject({
    code: 'cancelled',
    message: `Event "${id}" was cancelled`,
  });
  expect(await event.status()).toBe('error');
}

test('a delayed event never runs', async () => {
  const event = await app.client.emit(null, 'noted', { id: 'delayed', delay: '1 hour' });
  await event.cancel();
  await expectCancelled('delayed');
  expect(await stepsOf('delayed')).toEqual([]);
});

test('an event that waits for its retry is not tried again', async () => {
  const event = await app.client.emit(null, 'failing', { id: 'retried' });
  await untilIs(() => event.status(), 'new');
  expect((await event.describe()).attempts).toBe(2);
  await event.cancel();
  await expectCancelled('retried');
  expect(await stepsOf('retried')).toEqual(['retried-attempt 1']);
});

test('a running event ends at the step that is under way', async () => {
  const event = await app.client.emit(null, 'sleeping', { id: 'asleep' });
  await until(
    () => stepsOf('asleep'),
    (steps) => steps.length === 1,
  );
  expect(await event.status()).toBe('locked');
  await event.cancel();
  await expectCancelled('asleep');
  expect(await stepsOf('asleep')).toEqual(['asleep-began']);
});

test('an activity that is under way is told, and ends', async () => {
  const event = await app.client.emit(null, 'waiting', { id: 'active' });
  await until(
    () => stepsOf('active'),
    (steps) => steps.length === 1,
  );
  await event.cancel();
  await expectCancelled('active');
  await until(
    () => ended,
    (ids) => ids.includes('active'),
  );
});

test('a handler that makes an error of its own of it is not retried', async () => {
  const event = await app.client.emit(null, 'wrapping', { id: 'wrapped' });
  await until(
    () => stepsOf('wrapped'),
    (steps) => steps.length === 1,
  );
  await event.cancel();
  await expectCancelled('wrapped');
  expect((await event.describe()).attempts).toBe(1);
  expect(await stepsOf('wrapped')).toEqual(['wrapped-attempt 1']);
});

test('a handler that returns all the same is done', async () => {
  const event = await app.client.emit(null, 'finishing', { id: 'finished' });
  await until(
    () => stepsOf('finished'),
    (steps) => steps.length === 1,
  );
  await event.cancel();
  expect(await event.result()).toBe('cut short');
  expect(await event.status()).toBe('done');
});

test('an event that has ended stays as it is, also when asked twice', async () => {
  const event = await app.client.emit(null, 'noted', { id: 'over' });
  await event.result();
  await event.cancel();
  await event.cancel();
  expect(await event.status()).toBe('done');
  await app.client.events.get('delayed').cancel();
  await expectCancelled('delayed');
});

describe('while no worker process serves', () => {
  test('a delayed event is new, then scheduled; cancelled, it waits to be ended by one', async () => {
    await app.worker.shutdown();
    const soon = await app.client.emit(null, 'noted', { delay: 1000 });
    expect(await soon.status()).toBe('new');
    await untilIs(() => soon.status(), 'scheduled');

    const later = await app.client.emit(null, 'noted', { id: 'later', delay: '1 hour' });
    await later.cancel();
    expect(await later.status()).toBe('scheduled');

    const cancelled = await app.client.emit(null, 'noted', { id: 'ready' });
    expect(await cancelled.status()).toBe('scheduled');
    await cancelled.cancel();

    await app.startWorker({});
    await soon.result();
    await expectCancelled('later');
    await expectCancelled('ready');
    expect(await stepsOf('later')).toEqual([]);
    expect(await stepsOf('ready')).toEqual([]);
  });
});
