import { hasCode } from 'nightshift';
import { createEmitter } from '../../src/events/emit-event';
import { until, untilIs } from '../support/until';
import { useApp } from '../support/test-app';
import { echo, greet } from './apps/events';

const app = useApp('events.ts');

test('an event reaches its handler, and its value comes back', async () => {
  const event = await app.client.emit({ name: 'Paul' }, greet);
  expect(await event.result()).toBe('Hello Paul');
  expect(await event.status()).toBe('done');
});

test('a handler knows the event it runs for', async () => {
  const before = Date.now();
  const event = await app.client.emit(null, 'about', { id: 'order 1/ü' });
  const info = (await event.result()) as { emittedAt: Date };
  expect(info).toEqual({
    id: 'order 1/ü',
    handler: 'about',
    attempt: 1,
    emittedAt: expect.any(Date) as Date,
  });
  expect(Math.abs(info.emittedAt.getTime() - before)).toBeLessThan(60_000);
  const { endedAt, startsAt, ...rest } = await event.describe();
  expect(rest).toMatchObject({
    id: 'order 1/ü',
    handler: 'about',
    status: 'done',
    emittedAt: info.emittedAt,
  });
  expect(endedAt?.getTime()).toBeGreaterThanOrEqual(startsAt.getTime());
});

test('an id is accepted once, also after its event has ended', async () => {
  const first = await app.client.emit({ name: 'A' }, greet, { id: 'once' });
  expect(first).toMatchObject({ id: 'once', repeated: false });
  await first.result();
  const second = await app.client.emit({ name: 'B' }, greet, { id: 'once' });
  expect(second.repeated).toBe(true);
  expect(await second.result()).toBe('Hello A');
});

test('of many emits of one id at once exactly one starts an event', async () => {
  const emits = Array.from({ length: 10 }, (_, i) => app.client.emit(i, echo, { id: 'race' }));
  const events = await Promise.all(emits);
  expect(events.filter(({ repeated }) => !repeated)).toHaveLength(1);
  const values = await Promise.all(events.map((event) => event.result()));
  expect(new Set(values).size).toBe(1);
});

test('an id that belongs to an event of another handler is refused', async () => {
  await app.client.emit({ name: 'A' }, greet, { id: 'taken' });
  await expect(app.client.emit(1, echo, { id: 'taken' })).rejects.toMatchObject({
    name: 'ConflictError',
    code: 'event_id_taken',
    message:
      'Event id "taken" belongs to an event of handler "greet" already, so no event for "echo" was started',
  });
});

test('without an id every event is its own', async () => {
  const [a, b] = await Promise.all([app.client.emit(1, echo), app.client.emit(1, echo)]);
  expect(a.id).not.toBe(b.id);
});

test('a handler emits to another, and its own repeated id is accepted once', async () => {
  const event = await app.client.emit({ name: 'Eva' }, 'relay');
  const [id, again] = (await event.result()) as [string, string];
  expect(again).toBe(id);
  expect(await app.client.events.get(id).result()).toBe('Hello Eva');
});

test('a handler may choose the id of what it emits', async () => {
  await (await app.client.emit({ name: 'Eva', id: 'chosen' }, 'relay')).result();
  expect(await app.client.events.get('chosen').result()).toBe('Hello Eva');
});

test("a handler's emit under the id of another handler's event is its failure", async () => {
  await app.client.emit({ name: 'A' }, greet, { id: 'taken by greet' });
  const error: unknown = await (
    await app.client.emit('taken by greet', 'relayTaken')
  )
    .result()
    .catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: 'handler_failed',
    message: expect.stringContaining('belongs to an event of handler "greet"') as string,
  });
  expect(hasCode(error, 'event_id_taken')).toBe(true);
});

describe('an event that does not fit the schema', () => {
  test('is refused before anything starts where the definition is given', async () => {
    const id = 'never started';
    await expect(app.client.emit({ name: 5 } as never, greet, { id })).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'event_invalid',
      message: 'Expected String for greet.name, got Int',
    });
    await expect(app.client.events.get(id).status()).rejects.toMatchObject({
      code: 'event_not_found',
    });
  });

  test("is the emitting handler's failure within a handler", async () => {
    await expect((await app.client.emit(null, 'relayWrong')).result()).rejects.toMatchObject({
      code: 'handler_failed',
      message: 'Expected String for greet.name, got Int',
    });
  });

  test('ends in error, without a retry, where it came by name', async () => {
    const event = await app.client.emit({ name: 5, col: 1 }, 'greet');
    await expect(event.result()).rejects.toMatchObject({
      code: 'event_invalid',
      message: 'Found but did not expect: [col] & Expected String for greet.name, got Int',
    });
    expect(await event.status()).toBe('error');
  });

  test('the same by name from a handler', async () => {
    const id = (await (await app.client.emit(null, 'relayByName')).result()) as string;
    await expect(app.client.events.get(id).result()).rejects.toMatchObject({
      code: 'event_invalid',
    });
  });
});

test.each<[string, unknown, unknown, object, string]>([
  ['a function', () => 1, 'echo', {}, 'value_not_storable'],
  ['a Map within', { a: [new Map()] }, 'echo', {}, 'value_not_storable'],
  ['more than 2 MB', 'x'.repeat(2_000_001), 'echo', {}, 'value_too_large'],
  ['an empty name', 1, '', {}, 'handler_name_invalid'],
  ['a reserved name', 1, 'nightshift.resume', {}, 'handler_name_invalid'],
  ['an empty id', 1, 'echo', { id: '' }, 'event_invalid'],
  ['a delay that is none', 1, 'echo', { delay: 'soon' }, 'duration_invalid'],
  ['a delay that Temporal would shorten', 1, 'echo', { delay: '101 years' }, 'duration_invalid'],
  ['a moment beyond that', 1, 'echo', { at: new Date('3000-01-01') }, 'duration_invalid'],
  ['a delay of less than nothing', 1, 'echo', { delay: -1 }, 'duration_invalid'],
  ['delay and at', 1, 'echo', { delay: 1, at: new Date() }, 'event_invalid'],
])('refuses to emit %s', async (_what, event, handler, options, code) => {
  await expect(app.client.emit(event, handler as string, options)).rejects.toMatchObject({ code });
});

test('an event of nearly 2 MB passes there and back', async () => {
  const event = 'é'.repeat(999_000);
  expect((await (await app.client.emit(event, echo)).result()) === event).toBe(true);
});

describe('a delayed event', () => {
  test('is new, then runs', async () => {
    const event = await app.client.emit({ name: 'Paul' }, greet, { delay: 2000 });
    expect(await event.status()).toBe('new');
    const { emittedAt, startsAt } = await event.describe();
    expect(startsAt.getTime() - emittedAt.getTime()).toBeGreaterThanOrEqual(1500);
    expect(await event.result()).toBe('Hello Paul');
    const { endedAt, status } = await event.describe();
    expect(endedAt?.getTime()).toBeGreaterThanOrEqual(startsAt.getTime());
    expect(status).toBe('done');
  });

  test('starts at the moment that is asked for; one in the past is now', async () => {
    const at = new Date(Date.now() + 3_600_000);
    const later = await app.client.emit(1, echo, { at });
    expect(await later.status()).toBe('new');
    expect(Math.abs((await later.describe()).startsAt.getTime() - at.getTime())).toBeLessThan(5000);
    const past = await app.client.emit(1, echo, { at: new Date(0) });
    expect(await past.result()).toBe(1);
  });

  test('a delay counts from when Temporal stores it, whatever clock the emitting machine has', async () => {
    const now = () => Date.now() + 7_200_000;
    const ahead = createEmitter({ client: app.temporal, app: app.name, eager: false, now });
    await ahead.emit(1, 'echo', { id: 'by delay', delayMs: 3_600_000 });
    expect(await app.client.events.get('by delay').status()).toBe('new');
    await ahead.emit(1, 'echo', { id: 'by moment', startAt: Date.now() + 3_600_000 });
    expect(await app.client.events.get('by moment').result()).toBe(1);
  });

  test('a repeated id is accepted once, and says so, also while the first one waits', async () => {
    const first = await app.client.emit(1, echo, { id: 'twice', delay: '1 hour' });
    const second = await app.client.emit(2, echo, { id: 'twice' });
    expect([first.repeated, second.repeated]).toEqual([false, true]);
    expect(await second.status()).toBe('new');
  });

  test('the same from a handler', async () => {
    const id = (await (await app.client.emit(3_600_000, 'relayLater')).result()) as string;
    expect(await app.client.events.get(id).status()).toBe('new');
  });

  test('and at a moment; one in the past is now', async () => {
    const relayed = async (inMs: number): Promise<string> =>
      (await (await app.client.emit(inMs, 'relayAt')).result()) as string;
    expect(await app.client.events.get(await relayed(3_600_000)).status()).toBe('new');
    expect(await app.client.events.get(await relayed(-3_600_000)).result()).toBe('Hello then');
  });

  test('a delay that is too long is the failure of the handler', async () => {
    await expect((await app.client.emit(null, 'relayTooLate')).result()).rejects.toMatchObject({
      code: 'handler_failed',
      message: 'Option "delay" is 73050 days; Temporal delays for at most 36,500',
    });
  });
});

describe('events are listed', () => {
  const ids = async (filter: Parameters<typeof app.client.events.list>[0]): Promise<string[]> =>
    (await app.client.events.list(filter)).map(({ id }) => id);

  test('by handler and status, unfinished ones first, then the newest', async () => {
    for (const id of ['list-1', 'list-2'])
      await (await app.client.emit(1, 'listed', { id })).result().catch(() => {});
    await app.client.emit(1, 'listed', { id: 'list-3', delay: '1 hour' });
    await until(
      () => ids({ handler: 'listed' }),
      (found) => found.length === 3,
    );
    expect(await ids({ handler: 'listed' })).toEqual(['list-3', 'list-2', 'list-1']);
    expect(await ids({ handler: 'listed', limit: 1 })).toEqual(['list-3']);
    expect(await ids({ handler: 'listed', status: 'new' })).toEqual(['list-3']);
    await until(
      () => ids({ handler: 'listed', status: 'missing' }),
      (found) => found.length === 2,
    );
    expect(await app.client.events.count({ handler: 'listed' })).toEqual({
      new: 1,
      locked: 0,
      done: 0,
      error: 0,
      missing: 2,
    });
  });

  test.each([
    "paul's order (new)",
    'say "hi"',
    'say "ho"',
    'back\\slash',
    '"',
    '\\"\\',
    'a`b % c',
    '日本 "x"',
  ])('by a name with quotes, and others: %s', async (name) => {
    const event = await app.client.emit(1, name);
    await event.result().catch(() => {});
    const listed = await until(
      () => app.client.events.list({ handler: name }),
      (found) => found.length > 0,
    );
    expect(listed).toMatchObject([{ id: event.id, handler: name }]);
    await until(
      () => app.client.events.list({ handler: name, status: 'missing' }),
      (found) => found.length === 1,
    );
    const { done, missing } = await app.client.events.count({ handler: name });
    expect({ done, missing }).toEqual({ done: 0, missing: 1 });
  });
});

test.each(['status', 'describe', 'result', 'cancel'] as const)(
  'an event that does not exist is not found: %s',
  async (ask) => {
    await expect(app.client.events.get('nowhere')[ask]()).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'event_not_found',
    });
  },
);

describe('a name that no handler has', () => {
  const NAMES = [
    'nobody',
    'toString',
    'constructor',
    'default',
    '__proto__',
    '__esModule',
    'hasOwnProperty',
    'then',
    'a b/c',
    '日本語',
    'x'.repeat(200),
  ];

  test.each(NAMES)('%p: the event is missing and on the 404 list', async (name) => {
    const event = await app.client.emit({ $a: 1, at: new Date(5) }, name, {
      id: `for ${name.slice(0, 20)}`,
    });
    await expect(event.result()).rejects.toMatchObject({ code: 'missing' });
    expect(await event.status()).toBe('missing');
    const listed = (await app.client.missing.list()).find((missing) => missing.name === name);
    expect(listed).toMatchObject({
      count: 1,
      events: [{ id: event.id, event: { $a: 1, at: new Date(5) } }],
    });
  });

  test('counts events and keeps the newest three', async () => {
    for (let i = 0; i < 5; i++)
      await (await app.client.emit(i, 'gone', { id: `gone-${i}` })).result().catch(() => {});
    const [most] = await app.client.missing.list();
    expect(most).toMatchObject({
      name: 'gone',
      count: 5,
      events: [2, 3, 4].map((i) => ({ id: `gone-${i}`, event: i })),
    });
    expect(most?.lastSeen.getTime()).toBeGreaterThanOrEqual(most?.firstSeen.getTime() ?? Infinity);
  });

  test('may be emitted to by a handler', async () => {
    const id = (await (await app.client.emit('relayed', 'relayNamed')).result()) as string;
    await untilIs(() => app.client.events.get(id).status(), 'missing');
  });
});
