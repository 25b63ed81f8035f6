import fc from 'fast-check';
import type { LogLevel } from 'nightshift/worker';
import { expectExactly } from '../support/exactly';
import { storableValue } from '../support/storable-values';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const logged: [LogLevel, string, Readonly<Record<string, unknown>> | undefined][] = [];
const app = useApp('results.ts', {
  logger: { log: (level, message, fields) => void logged.push([level, message, fields]) },
});
const run = async (handler: string, event: unknown = null): Promise<unknown> =>
  (await app.client.emit(event, handler)).result();

const proto: unknown = JSON.parse('{"__proto__":{"a":1}}');

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['zero', 0],
  ['minus zero', -0],
  ['NaN', Number.NaN],
  ['Infinity', -Infinity],
  ['bigint', 10n ** 30n],
  ['text', 'é😀\ud800\u0000'],
  ['date', new Date(8.64e15)],
  ['invalid date', new Date(Number.NaN)],
  ['bytes', new Uint8Array([0, 1, 255])],
  ['nested bytes', { b: new Uint8Array([0, 1, 255]) }],
  ['list', [1, undefined, [null]]],
  ['object', { $date: 'x', $$: 1, u: undefined, 'a.b': { n: -0 } }],
  ['__proto__', proto],
  ['bare', { toString: 1 }],
])('a handler may return %s', async (name, value) => {
  expectExactly(await run('gives', name), value);
});

test('any storable event comes to the handler and back exactly', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(storableValue, { maxLength: 20 }), async (event) => {
      expectExactly(await run('echo', event), event);
    }),
    { numRuns: 20 },
  );
});

test('a handler makes ids of its own', async () => {
  const [a, b] = (await run('ids')) as [string, string];
  expect(a).toMatch(/^[0-9a-f-]{36}$/);
  expect(a).not.toBe(b);
});

test('a handler sleeps; a duration that is none is its failure', async () => {
  expect(await run('naps', '1 ms')).toBe('awake');
  expect(await run('naps', 0)).toBe('awake');
  await expect(run('naps', 'soon')).rejects.toThrow(
    'The duration of sleep must be milliseconds of 0 or more',
  );
});

test("what a handler logs comes to the worker's logger", async () => {
  await run('logs');
  const [, , fields] =
    (await until(
      () => logged.find(([level, message]) => level === 'info' && message === 'hello'),
      (found) => found !== undefined,
    )) ?? [];
  expect(fields).toMatchObject({ from: 'handler' });
});

describe('cancel ends an event', () => {
  const expectCancelled = async (id: string): Promise<void> => {
    const event = app.client.events.get(id);
    await event.cancel();
    await untilIs(() => event.status(), 'error', 10_000);
    await expect(event.result()).rejects.toMatchObject({
      code: 'cancelled',
      message: `Event "${id}" was cancelled`,
    });
  };

  test('that is delayed', async () => {
    const { id } = await app.client.emit(1, 'echo', { delay: '1 hour' });
    await expectCancelled(id);
  });

  test('that waits for its retry', async () => {
    const event = await app.client.emit(1, 'later');
    await untilIs(() => event.status(), 'new');
    await expectCancelled(event.id);
  });

  test('that sleeps', async () => {
    const event = await app.client.emit(1, 'sleeps');
    await untilIs(() => event.status(), 'locked');
    await expectCancelled(event.id);
  });

  test('unless the handler handles it', async () => {
    const event = await app.client.emit(1, 'stubborn');
    await until(
      () => app.temporal.workflow.getHandle(`${app.name}/${event.id}`).describe(),
      ({ historyLength }) => historyLength > 4,
    );
    await event.cancel();
    expect(await event.result()).toBe('cleaned up');
  });

  test('and the end of a done one stays as it was', async () => {
    const event = await app.client.emit(1, 'echo');
    await event.result();
    await event.cancel();
    expect(await event.status()).toBe('done');
  });
});

test('without a worker process an event is scheduled until there is one', async () => {
  await app.worker.shutdown();
  const event = await app.client.emit('waited', 'echo');
  await untilIs(() => event.status(), 'scheduled');
  await app.startWorker({ retryDelay: 10 });
  expect(await event.result()).toBe('waited');
});

test("a worker process's retryDelay stands in for the handlers' own", async () => {
  await expect(run('later')).rejects.toThrow('try later'); // its own is an hour
});
