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
const ran = async (): Promise<string[]> => (await app.client.DB.getAll(Runs)).map(({ id }) => id);

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
    counts: { new: 2 },
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

describe('pause and block', () => {
  test('both may stand, block wins in what is shown, and the events wait for both', async () => {
    await queues.block('other', { reason: 'abuse', by: 'admin' });
    expect(await queues.pause('other', { by: 'paul' })).toMatchObject({
      name: 'other',
      state: 'block',
      handled: true,
    });
    const event = await emit('other', 1);
    await untilIs(() => held('other'), 1);
    expect((await queues.get('other')).rules.map(({ kind }) => kind)).toEqual(['block', 'pause']);

    expect(await (await queues.unblock('other')).result()).toMatchObject({
      state: 'held',
      released: 0,
      why: 'paused by paul',
    });
    expect(await queues.get('other')).toMatchObject({ state: 'pause', held: 1 });
    await (await queues.resume('other')).result();
    expect(await event.result()).toBe(1);
    expect((await queues.log('other')).map(({ action }) => action)).toEqual([
      ...['block', 'pause', 'unblock', 'resume'],
    ]);
  });

  test('on all queues hold every event but let one go whose own rule is taken off only when both are off', async () => {
    await queues.pause('*', { reason: 'migration', by: 'ops' });
    await queues.pause('third');
    const events = [await emit('mail', 5), await emit('third', 6)];
    await until(
      () => queues.list(),
      (list) => list.reduce((sum, queue) => sum + queue.held, 0) === 2,
    );
    for (const { state, rules } of await queues.list()) {
      expect(state).toBe('pause');
      expect(rules).toContainEqual(expect.objectContaining({ on: '*', reason: 'migration' }));
    }
    expect(await (await queues.resume('*')).result()).toMatchObject({ state: 'done', released: 1 });
    expect(await events[0]?.result()).toBe(5);
    expect(await events[1]?.status()).toBe('new');
    await queues.resume('third');
    expect(await events[1]?.result()).toBe(6);
  });

  test('of two operators at once the last wins, and the history shows both', async () => {
    await Promise.all([
      queues.pause('third', { by: 'anna', reason: 'a' }),
      queues.pause('third', { by: 'bert', reason: 'b' }),
    ]);
    const { rules } = await queues.get('third');
    const log = (await queues.log('third')).slice(-2);
    expect(log.map(({ by }) => by).sort()).toEqual(['anna', 'bert']);
    expect(rules).toHaveLength(1);
    expect(rules[0]?.by).toBe(log.at(-1)?.by);
    await (await queues.resume('third')).result();
  });

  test("stop a cron's schedule, with the reason as its note, until no rule stands", async () => {
    const schedule = app.temporal.schedule.getHandle(`${app.name}/nightly`);
    const state = async (): Promise<unknown> => (await schedule.describe()).state;
    await queues.pause('nightly', { reason: 'too loud' });
    expect(await state()).toMatchObject({
      paused: true,
      note: expect.stringMatching(/^queue paused at .*: too loud$/) as string,
    });
    await queues.block('nightly', { reason: 'much too loud' });
    expect(await state()).toMatchObject({
      paused: true,
      note: expect.stringMatching(/: much too loud$/) as string,
    });
    await (await queues.resume('nightly')).result();
    expect(await state()).toMatchObject({ paused: true });
    await (await queues.unblock('nightly', { reason: 'quiet now' })).result();
    expect(await state()).toMatchObject({ paused: false, note: 'quiet now' });
  });

  test("leave a cron paused that was paused itself, and keep that pause's reason", async () => {
    await app.client.crons.pause('nightly', { reason: 'holidays' });
    await queues.pause('nightly', { reason: 'too loud' });
    await (await queues.resume('nightly')).result();
    expect(await app.client.crons.get('nightly')).toMatchObject({
      state: 'pause',
      paused: { reason: 'holidays' },
    });
    await app.client.crons.resume('nightly');
  });
});

describe('a held event', () => {
  test('tells since when it is held and by what, and is one of the new ones', async () => {
    const before = new Date();
    await queues.pause('mail', { reason: 'why', by: 'who' });
    const event = await emit('mail');
    await untilIs(() => held('mail'), 1);
    const { heldSince, heldBy } = await until(
      () => event.describe(),
      ({ status }) => status === 'new',
    );
    expect(heldSince?.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(heldBy).toMatchObject([{ kind: 'pause', on: 'mail', reason: 'why', by: 'who' }]);
    await until(
      () => app.client.events.list({ handler: 'mail', status: 'new' }),
      (list) => list.some(({ id }) => id === event.id),
    );
    await (await queues.resume('mail')).result();
    await event.result();
    expect((await event.describe()).heldSince).toBeUndefined();
  });

  test('leaves the list when it is cancelled, and when it was ended by hand', async () => {
    await queues.pause('mail');
    const [cancelled, ended] = [await emit('mail'), await emit('mail')];
    await untilIs(() => held('mail'), 2);
    await cancelled.cancel();
    await untilIs(() => held('mail'), 1);
    await expect(cancelled.result()).rejects.toMatchObject({ code: 'cancelled' });
    await app.temporal.workflow.getHandle(`${app.name}/${ended.id}`).terminate();
    await (await queues.resume('mail')).result();
    expect(await held('mail')).toBe(0);
  });

  test('asks again when it is signalled by hand, and stays held while the rule stands', async () => {
    await queues.pause('mail');
    const event = await emit('mail', 9);
    await untilIs(() => held('mail'), 1);
    const workflow = app.temporal.workflow.getHandle(`${app.name}/${event.id}`);
    const { historyLength } = await workflow.describe();
    await workflow.signal('resume');
    await until(
      async () => (await workflow.describe()).historyLength,
      (length) => length >= historyLength + 5,
    );
    expect(await event.status()).toBe('new');
    expect(await held('mail')).toBe(1);
    await queues.resume('mail');
    expect(await event.result()).toBe(9);
    expect(await held('mail')).toBe(0);
  });

  test('waits with its retry: a pause holds retries too', async () => {
    const event = await emit('retried');
    await untilIs(() => event.status(), 'new');
    await queues.pause('retried');
    await untilIs(() => held('retried'), 1);
    expect(await event.describe()).toMatchObject({ status: 'new', attempts: 2 });
    await queues.resume('retried');
    expect(await event.result()).toBe(2);
  });
});

describe('resume', () => {
  const hold = async (name: string, count: number): Promise<EventHandle[]> => {
    await queues.pause(name, { by: 'test' });
    const events: EventHandle[] = [];
    for (let n = 0; n < count; n++) events.push(await emit(name, n));
    await untilIs(() => held(name), count);
    await app.client.DB.deleteAll(Runs);
    return events;
  };

  test('lets them go oldest first at the rate asked, and tells how far it is', async () => {
    const events = await hold('mail', 6);
    const began = Date.now();
    const operation = await queues.resume('mail', { rate: 4 });
    const middle = await until(
      () => operation.progress(),
      ({ released }) => released > 0,
    );
    expect(middle).toMatchObject({ queue: 'mail', state: 'running', total: 6 });
    expect(await operation.result()).toMatchObject({ state: 'done', released: 6, total: 6 });
    await Promise.all(events.map((event) => event.result()));
    expect(Date.now() - began).toBeGreaterThanOrEqual((5 * 1000) / 4);
    const order: number[] = [];
    for (const event of events) {
      const { events: history } = await app.temporal.workflow
        .getHandle(`${app.name}/${event.id}`)
        .fetchHistory();
      const signal = history?.find((one) => one.workflowExecutionSignaledEventAttributes != null);
      order.push(Number(signal?.eventTime?.seconds) * 1e3 + Number(signal?.eventTime?.nanos) / 1e6);
    }
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(await queues.drain('mail').progress()).toMatchObject({ state: 'done', released: 6 });
  });

  test('can be paused again in the middle, and goes on where it was', async () => {
    const events = await hold('mail', 12);
    const operation = await queues.resume('mail', { rate: 2 });
    await until(
      () => operation.progress(),
      ({ released }) => released > 0,
    );
    await queues.pause('mail', { by: 'ops', reason: 'still down' });
    const report = await operation.result();
    expect(report).toMatchObject({ state: 'held', why: 'paused by ops: still down' });
    expect(report.released).toBeLessThan(12);
    expect(await held('mail')).toBe(12 - (await ran()).length);
    await (await queues.resume('mail')).result();
    await Promise.all(events.map((event) => event.result()));
    expect((await ran()).sort()).toEqual(events.map(({ id }) => id).sort());
  });

  test('begun twice, the last wins: all are let go once', async () => {
    const events = await hold('mail', 8);
    await queues.resume('mail', { rate: 1 });
    const report = await (await queues.resume('mail')).result();
    expect(report.state).toBe('done');
    await Promise.all(events.map((event) => event.result()));
    expect((await ran()).sort()).toEqual(events.map(({ id }) => id).sort());
  });

  test('with a canary lets the oldest through first, and then the rest', async () => {
    const events = await hold('mail', 5);
    const operation = await queues.resume('mail', { canary: 2, by: 'ops' });
    expect(await operation.result()).toMatchObject({ state: 'done', released: 5, failures: [] });
    await Promise.all(events.map((event) => event.result()));
    expect((await ran()).slice().sort()).toEqual(events.map(({ id }) => id).sort());
    expect((await queues.log('mail')).slice(-2).map(({ action }) => action)).toEqual([
      ...['canary', 'resume'],
    ]);
  });

  test('stops where an event of the canary fails, and the pause stands', async () => {
    const events = await hold('odd', 8);
    const operation = await queues.resume('odd', { canary: 4 });
    const id = events[3]?.id ?? '';
    expect(await operation.result()).toMatchObject({
      state: 'stopped',
      failures: [{ id, error: 'RangeError: three' }],
      why: `event "${id}" of the canary failed: RangeError: three`,
    });
    expect(await queues.get('odd')).toMatchObject({ state: 'pause', held: 4 });
    expect((await queues.log('odd')).at(-1)).toMatchObject({
      action: 'canary failed',
      reason: `${id}: RangeError: three`,
    });
    expect((await ran()).sort()).toEqual(
      events
        .slice(0, 4)
        .map((event) => event.id)
        .sort(),
    );
    await (await queues.resume('odd')).result();
  });

  test('with a canary whose first attempt fails stops as well: its retry is held', async () => {
    const [event] = await hold('retried', 1);
    const report = await (await queues.resume('retried', { canary: 1 })).result();
    expect(report).toMatchObject({ state: 'stopped', failures: [{ error: 'first' }] });
    await untilIs(() => held('retried'), 1);
    await queues.resume('retried');
    expect(await event?.result()).toBe(2);
  });
});

describe('is refused', () => {
  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    ['a typo', () => queues.pause('mial'), 'handler_unknown', /no handler "mial"/],
    ['resume of what runs', () => queues.resume('mail'), 'not_paused', /"mail" is not paused/],
    ['unblock of what runs', () => queues.unblock('mail'), 'not_blocked', /"mail" is not blocked/],
    ['resume of a typo', () => queues.resume('mial'), 'handler_unknown', /no handler "mial"/],
    ['a rate of 0', () => queues.resume('mail', { rate: 0 }), 'rate_invalid', /above 0, got 0/],
    ['a rate below 0', () => queues.resume('mail', { rate: -2 }), 'rate_invalid', /got -2/],
    ['a rate that is none', () => queues.resume('mail', { rate: NaN }), 'rate_invalid', /above 0/],
    ['half a canary', () => queues.resume('mail', { canary: 0.5 }), 'rate_invalid', /whole number/],
    ['a canary of 0', () => queues.resume('mail', { canary: 0 }), 'rate_invalid', /whole number/],
    [
      'a name of ours',
      () => queues.pause('nightshift.x'),
      'handler_name_invalid',
      /must not start/,
    ],
    [
      'a long reason',
      () => queues.pause('mail', { reason: 'x'.repeat(1001) }),
      'rule_invalid',
      /1000/,
    ],
    [
      'a reason that is no text',
      () => queues.pause('mail', { by: 5 as never }),
      'rule_invalid',
      /text/,
    ],
    [
      'a canary of a queue that runs',
      () => queues.resume('mail', { canary: 1 }),
      'not_paused',
      /not paused/,
    ],
  ])('%s', async (_what, ask, code, message) => {
    await expect(ask()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test('a typo, with the nearest name', async () => {
    await expect(queues.pause('nigtly')).rejects.toMatchObject({
      remedies: ['did you mean "nightly"?'],
    });
  });

  test('a canary that another rule would hold', async () => {
    await queues.pause('mail');
    await queues.block('mail');
    await expect(queues.resume('mail', { canary: 1 })).rejects.toMatchObject({
      code: 'still_held',
      message: 'A canary of "mail" would not run: it is blocked',
    });
    await (await queues.unblock('mail')).result();
    await (await queues.resume('mail')).result();
  });

  test('but a name of the 404 list may be paused, and is told to have no handler', async () => {
    await (await app.client.emit(1, 'nobody')).result().catch(() => {});
    expect(await queues.pause('nobody')).toMatchObject({ state: 'pause', handled: false });
    const event = await app.client.emit(2, 'nobody');
    await untilIs(() => held('nobody'), 1);
    expect((await queues.list()).find(({ name }) => name === 'nobody')).toMatchObject({
      kind: 'missing',
      held: 1,
    });
    await (await queues.resume('nobody')).result();
    await untilIs(() => event.status(), 'missing');
  });
});
