import { bundleForReplay, replayTrace } from '../../src/testing/replay-traces';
import { rerun } from '../../src/testing/rerun';
import { appPath, useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';
import { Notes } from './apps/failing';

const app = useApp('failing.ts');

const outcome = async (
  handler: string,
  event: unknown = null,
): Promise<{ code?: string; message?: string; cause?: unknown }> => {
  const handle = await app.client.emit(event, handler);
  return (await handle.result().then(
    (value) => ({ message: `done: ${String(value)}` }),
    (e: unknown) => e,
  )) as object;
};

/** When the runs of an event started, one per attempt, oldest first. */
async function runs(id: string): Promise<number[]> {
  const times: number[] = [];
  const query = `WorkflowId = "${app.name}/${id}"`;
  for await (const { startTime } of app.temporal.workflow.list({ query }))
    times.push(startTime.getTime());
  return times.sort((a, b) => a - b);
}

const untilRuns = (id: string, count: number): Promise<number[]> =>
  until(
    () => runs(id),
    (times) => times.length === count,
  );

test('a failing handler is tried twice more, then the event is an error with message and cause', async () => {
  const event = await app.client.emit({ x: 1 }, 'twiceMore');
  await expect(event.result()).rejects.toMatchObject({
    name: 'NightshiftError',
    code: 'handler_failed',
    message: 'attempt 3',
    cause: { message: 'attempt 3', cause: { message: 'below' } },
  });
  expect(await event.describe()).toMatchObject({
    status: 'error',
    attempts: 3,
    errors: [
      { attempt: 1, message: 'RangeError: attempt 1' },
      { attempt: 2, message: 'RangeError: attempt 2' },
      { attempt: 3, message: 'RangeError: attempt 3' },
    ],
  });
  await untilRuns(event.id, 3);
});

test('each attempt has its number, and the moment of the emit stays', async () => {
  const event = await app.client.emit({ x: 1 }, 'thirdTime');
  const info = (await event.result()) as { attempt: number; emittedAt: Date };
  expect(info).toMatchObject({ attempt: 3, id: event.id, handler: 'thirdTime' });
  const started = await untilRuns(event.id, 3);
  expect(Math.floor(info.emittedAt.getTime() / 1000)).toBe(Math.floor((started[0] ?? 0) / 1000));
  expect(info.emittedAt.getTime()).toBeLessThan(started[1] ?? 0);
});

test('a handler with no retries fails at once', async () => {
  const event = await app.client.emit(null, 'neverAgain');
  await expect(event.result()).rejects.toMatchObject({
    code: 'handler_failed',
    message: 'once is enough',
  });
  await untilRuns(event.id, 1);
});

test('an event that waits for its retry is new; the id is taken meanwhile', async () => {
  const event = await app.client.emit(null, 'later', { id: 'waits' });
  await untilRuns('waits', 2);
  await untilIs(() => event.status(), 'new');
  await until(
    () => app.client.events.list({ handler: 'later', status: 'new' }),
    (list) => list.length === 1,
  );
  expect((await app.client.emit(null, 'later', { id: 'waits' })).repeated).toBe(true);
});

test("a mistake in the handler's code is the handler's failure, not a task that repeats", async () => {
  expect(await outcome('typeError', {})).toMatchObject({
    code: 'handler_failed',
    message: expect.stringContaining('Cannot read properties of undefined') as string,
  });
});

describe('whatever is thrown ends the event after its attempts', () => {
  const table: [string, RegExp][] = [
    ['text', /^a text$/],
    ['undefined', /^undefined$/],
    ['null', /^null$/],
    ['number', /^5$/],
    ['object', /./],
    ['symbol', /^Symbol\(s\)$/],
    ['bare', /./],
    ['odd message', /^5$/],
    ['own cause', /^bites its tail$/],
    ['deep causes', /^level 4999$/],
    ['long message', /^x{100}/],
    ['frozen error', /^frozen$/],
    ['function as cause', /^odd cause$/],
    ['aggregate', /^several$/],
  ];
  let outcomes: Map<string, Promise<{ code?: string; message?: string }>>;
  beforeAll(() => {
    outcomes = new Map(table.map(([what]) => [what, outcome('throws', what)])); // side by side, as each waits for a retry
  });

  test.each(table)('%s', async (what, message) => {
    const error = await outcomes.get(what);
    expect(error?.code).toBe('handler_failed');
    expect(error?.message).toMatch(message);
  });
});

test('a handler that is no async function may throw all the same', async () => {
  expect(await outcome('throwsAtOnce')).toMatchObject({
    code: 'handler_failed',
    message: 'no promise',
  });
});

test.each<[string, string]>([
  ['function', 'Cannot be stored: the value of "returns".f is a function'],
  ['map', 'Cannot be stored: the value of "returns"[0] is a Map'],
  ['class', 'Cannot be stored: the value of "returns" is an instance of Account'],
  ['cycle', 'Cannot be stored: the value of "returns"[0] contains itself'],
  [
    'large',
    'Cannot be stored: the value of "returns" has 2000003 bytes; expected at most 2000000 (2 MB)',
  ],
  ['too many units', 'Cannot be stored: the value of "returns" has 2200002 bytes'],
  ['deep', ''],
])('a value that cannot be stored is the failure of the event: %s', async (what, text) => {
  const error = await outcome('returns', what);
  expect(error.code).toBe('handler_failed');
  expect(error.message).toContain(text);
});

test('an attempt that takes longer than its timeout has failed', async () => {
  expect(await outcome('slow')).toMatchObject({
    code: 'handler_failed',
    message: 'Took longer than its timeout of 200 ms',
  });
  expect(await outcome('inTime')).toEqual({ message: 'done: in time' });
});

describe('a step that nobody awaits', () => {
  test('is completed before the event is done', async () => {
    expect(await outcome('forgets', { key: 'kept', text: 'x' })).toEqual({
      message: 'done: forgot',
    });
    expect(await app.client.DB.get('kept', Notes)).toEqual({ text: 'x' });
    await outcome('forgetsEmit', 'forgotten emit');
    expect((await app.client.events.get('forgotten emit').describe()).handler).toBe('nobody');
  });

  test('is the failure of the event if it fails', async () => {
    expect(await outcome('forgets', { key: 'kept', text: 5 })).toMatchObject({
      code: 'handler_failed',
      message: 'Expected String for Notes.text, got Int',
    });
  });

  test('may fail where the handler handles that', async () => {
    expect(await outcome('swallows')).toEqual({ message: 'done: swallowed' });
  });

  const ends = async (how: string): Promise<void> => {
    const event = await app.client.emit(how, 'floating');
    const status = await until(
      () => event.status(),
      (now) => now === 'error' || now === 'done',
      5000,
    );
    expect(status).toBe('error');
  };

  test('is the failure of the event too where its promise was chained on', () => ends('chain'));

  test.each(['all', 'plain', 'async function', 'own step', 'at the end', 'nothing'])(
    'a rejection that nobody handles is the failure of the event: %s',
    ends,
  );

  test('a replay of such a rejection goes to the end', async () => {
    const event = await app.client.emit('async function', 'floating');
    await expect(event.result()).rejects.toMatchObject({ message: 'floating' });
    const [attempt] = (await app.client.traces.get(event.id)).attempts;
    expect(attempt).toMatchObject({ error: { type: 'Error', message: 'floating' } });
    expect(attempt?.incomplete).toBeUndefined();
    const saved = await app.client.traces.save(event.id);
    expect(await replayTrace(saved, await bundleForReplay(appPath('failing.ts')))).toBeUndefined();
    expect(await rerun(saved, { app: appPath('failing.ts') })).toEqual({});
  });
});

test('a handler that wants what only Node has is told where that belongs', async () => {
  expect((await outcome('fetching')).message).toBe(
    'fetch is not defined: handlers run in a sandbox; call it in an activity, see activities()',
  );
});
