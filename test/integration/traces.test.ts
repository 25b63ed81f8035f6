import type { Trace } from 'nightshift/client';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const app = useApp('traces.ts', {
  retryDelay: 10,
  activities: { double: async (n: number) => n * 2 },
});

/** The trace of an event once it has ended. */
async function traceOf(event: unknown, handler: string): Promise<Trace> {
  const emitted = await app.client.emit(event, handler);
  await emitted.result().catch(() => {});
  return app.client.traces.get(emitted.id);
}

test('shows each step with name, arguments and result, the logs between, and the value', async () => {
  const trace = await traceOf({ key: 'k', n: 21 }, 'steps');
  const [attempt] = trace.attempts;
  expect(trace).toMatchObject({ handler: 'steps', status: 'done', event: { key: 'k', n: 21 } });
  expect(trace.attempts).toHaveLength(1);
  expect(attempt).toMatchObject({
    attempt: 1,
    steps: [
      { name: 'DB::set', args: [{ text: 'first' }, 'k', 'Notes'], summary: 'Notes "k"' },
      { name: 'double', args: [21], result: 42 },
      { name: 'sleep', args: [1] },
      { name: 'Event::emit', args: [42, 'child', expect.anything()], child: { handler: 'child' } },
    ],
    logs: [
      { level: 'info', message: 'begins', fields: { key: 'k' }, after: 0 },
      { level: 'warn', message: 'ends', after: 4 },
    ],
    value: { doubled: 42 },
  });
  expect(attempt?.incomplete).toBeUndefined();
  for (const { startedAt, ms } of attempt?.steps ?? []) {
    expect(startedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(ms).toBeGreaterThanOrEqual(0);
  }
});

test('leads from an event to those it emitted, and back', async () => {
  const parent = await traceOf({ key: 'k', n: 1 }, 'steps');
  const child = parent.attempts[0]?.steps.at(-1)?.child;
  await app.client.events.get(child?.id ?? '').result();
  expect(await app.client.traces.get(child?.id ?? '')).toMatchObject({
    handler: 'child',
    event: 2,
    parent: { id: parent.id, handler: 'steps' },
    attempts: [{ steps: [], value: 4 }],
  });
});

test.each(['x'.repeat(480), 'an id with spaces'])(
  'names the emitted events of id %s',
  async (id) => {
    const { attempts } = await traceOf(id, 'emitsAs');
    expect(attempts[0]?.steps).toMatchObject([
      { child: { handler: 'child', id } },
      { children: [0, 1].map((n) => ({ handler: 'child', id: `${id}s-${n}` })) },
    ]);
    const parent = expect.objectContaining({ handler: 'emitsAs' }) as unknown;
    expect(await app.client.traces.get(id)).toMatchObject({ event: 1, parent });
  },
);

test('names no other event where an id is too long for what is known before a replay', async () => {
  const id = 'y'.repeat(480);
  const event = await app.client.emit(id, 'emitsAsAndWaits');
  const { attempts } = await until(
    () => app.client.traces.get(event.id),
    (trace) => trace.attempts[0]?.steps.length === 2,
  );
  const [emitted] = attempts[0]?.steps ?? [];
  expect(emitted?.name).toBe('Event::emit');
  expect(emitted?.child).toBeUndefined();
});

test('shows each attempt', async () => {
  const { attempts } = await traceOf(null, 'retried');
  expect(attempts).toMatchObject([
    {
      attempt: 1,
      steps: [{ name: 'DB::set', args: [{ text: 'attempt 1' }, 'r', 'Notes'] }],
      error: { type: 'TypeError', message: 'not yet' },
    },
    {
      attempt: 2,
      steps: [{ name: 'DB::set', args: [{ text: 'attempt 2' }, 'r', 'Notes'] }],
      value: 'at last',
    },
  ]);
});

test('shows where in the source a handler failed', async () => {
  const { status, attempts } = await traceOf(null, 'failing');
  expect(status).toBe('error');
  expect(attempts[0]?.error).toEqual({
    type: 'RangeError',
    message: 'too far',
    at: expect.stringMatching(/^test\/integration\/apps\/traces\.ts:40:\d+$/) as string,
  });
});

test('shows a failed step, and that the handler went on', async () => {
  const { attempts } = await traceOf(null, 'caught');
  expect(attempts[0]).toMatchObject({
    steps: [
      {
        name: 'DB::set',
        error: { type: 'record_invalid', message: expect.stringContaining('Expected String') },
      },
    ],
    value: 'went on',
  });
});

test('shows steps side by side', async () => {
  const { attempts } = await traceOf(null, 'parallel');
  expect(attempts[0]?.steps.map(({ args }) => (args as unknown[])[1])).toEqual([
    ...['a', 'b', 'c'],
  ]);
});

test('of a handler that awaits nothing has no steps', async () => {
  const { attempts } = await traceOf('e', 'none');
  expect(attempts).toMatchObject([{ steps: [], logs: [], value: 'e' }]);
});

test('of 1,000 steps has 1,000', async () => {
  const { attempts } = await traceOf(1000, 'many');
  expect(attempts[0]?.steps.map(({ args }) => (args as unknown[])[0])).toEqual(
    Array.from({ length: 1000 }, (_, i) => `k${i}`),
  );
}, 60_000);

test('says how large arguments are that are too large to show; the result is there', async () => {
  const { attempts } = await traceOf(null, 'large');
  const [set, get] = attempts[0]?.steps ?? [];
  expect(set?.args).toEqual({ bytes: expect.any(Number) as number });
  expect((get?.result as { text: string }).text).toHaveLength(1_000_000);
});

test('never shows a password, nor what it was made of', async () => {
  const trace = await traceOf(null, 'secret');
  const text = JSON.stringify(trace);
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain('argon2');
  expect(trace.attempts[0]?.steps.map(({ name }) => name)).toEqual([
    ...['Password::hash', 'DB::set', 'DB::get'],
  ]);
});

test('of an event that runs shows it so far', async () => {
  const event = await app.client.emit(null, 'waits');
  const { attempts, status } = await until(
    () => app.client.traces.get(event.id),
    (trace) => trace.attempts[0]?.steps.length === 2,
  );
  expect(status).toBe('locked');
  expect(attempts[0]).toMatchObject({ steps: [{ name: 'DB::set' }, { name: 'sleep' }] });
  expect(attempts[0]?.endedAt).toBeUndefined();
  await event.cancel();
  await event.result().catch(() => {});
  expect((await app.client.traces.get(event.id)).attempts[0]).toMatchObject({
    error: { type: 'cancelled' },
  });
});

test('of a held event has an attempt that has not begun', async () => {
  await app.client.queues.pause('none');
  const event = await app.client.emit(1, 'none');
  await until(
    () => app.client.queues.get('none'),
    ({ held }) => held === 1,
  );
  const { attempts } = await app.client.traces.get(event.id);
  expect(attempts).toMatchObject([{ attempt: 1, steps: [] }]);
  expect(attempts[0]?.startedAt).toBeUndefined();
  await (await app.client.queues.resume('none')).result();
});

test('of an event that is not there is an error', () =>
  expect(app.client.traces.get('gone')).rejects.toMatchObject({ code: 'event_not_found' }));

test('the last events of a handler are listed, newest first', async () => {
  const ids: string[] = [];
  for (const n of [1, 2, 3]) ids.unshift((await traceOf(n, 'child')).id);
  const listed = await until(
    () => app.client.traces.list('child', { limit: 3 }),
    (list) => list.map(({ id }) => id).join() === ids.join(),
  );
  expect(listed).toMatchObject([{ status: 'done' }, { status: 'done' }, { status: 'done' }]);
});
