import type { FailedEvent } from 'nightshift';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const STORES = `
  import { NonRetryable, onError } from 'nightshift';
  export const Notes = datastore('Notes', { text: t.String });
`;
const folder = useAppFolder();
folder.write(
  `
  import { NonRetryable } from 'nightshift';
  export const refuse = async () => { throw new NonRetryable('no such account'); };
  export const fail = async () => { throw new Error('failed'); };
`,
  'activities.ts',
);
const app = useApp(folder.write(`${STORES} export const first = worker('first', async () => 1);`));

jest.setTimeout(120_000); // each reload bundles the app anew

const serve = async (source: string): Promise<void> => {
  folder.write(STORES + source);
  await app.worker.reload();
};

describe('while an event waits for its retry', () => {
  test('it tells when that is and why, to us and to whoever looks at Temporal', async () => {
    await serve(`
      export const slow = worker('slow', { retry: { delay: '1 hour' } }, async () => { throw new RangeError('too much'); });
    `);
    const event = await app.client.emit(null, 'slow');
    const { nextTry, errors } = await until(
      () => event.describe(),
      ({ attempts }) => attempts === 2,
    );
    expect(errors).toMatchObject([{ attempt: 1, message: 'RangeError: too much' }]);
    expect(nextTry?.getTime()).toBe((errors[0]?.at.getTime() ?? 0) + 3_600_000);
    const summaries = await until(
      async () => {
        const { events } = await app.temporal.workflow
          .getHandle(`${app.name}/${event.id}`)
          .fetchHistory();
        return (events ?? []).flatMap(({ userMetadata }) =>
          userMetadata?.summary?.data == null ? [] : [userMetadata.summary.data.toString()],
        );
      },
      (found) => found.length > 0,
    );
    expect(summaries).toEqual([
      JSON.stringify(`attempt 1 failed, next at ${nextTry?.toISOString()}: RangeError: too much`),
    ]);
  });

  test('code with other steps may be deployed, and the retry succeeds under it', async () => {
    const retry = `{ retry: { retries: 1, delay: 10_000 } }`;
    await serve(`
      export const broken = worker('broken', ${retry}, async (event) => {
        await DB.set({ text: 'old' }, event.key, Notes);
        await sleep(1);
        throw new Error('broken');
      });
    `);
    const event = await app.client.emit({ key: 'k' }, 'broken');
    await untilIs(() => event.status(), 'new');
    await serve(`
      export const broken = worker('broken', ${retry}, async (event, info) => {
        const before = await DB.get(event.key, Notes);
        await DB.add({ text: 'added' }, Notes);
        await DB.set({ text: 'new' }, event.key, Notes);
        return [before.text, info.attempt];
      });
    `);
    expect(await event.result()).toEqual(['old', 2]);
    const { errors, runs, nextTry } = await event.describe();
    expect(errors).toMatchObject([{ attempt: 1, message: 'broken' }]);
    expect(runs.map(({ outcome }) => outcome)).toEqual(['retried', 'done']);
    expect(nextTry).toBeUndefined();
  });

  test('a held event runs under the code that is served when it is let go', async () => {
    await serve(`
      export const kept = worker('kept', async (event) => { await DB.set({ text: 'old' }, event, Notes); });
    `);
    await app.client.queues.pause('kept');
    const event = await app.client.emit('kept-1', 'kept');
    await untilIs(async () => (await app.client.queues.get('kept')).held, 1);
    await serve(`
      export const kept = worker('kept', async (event) => {
        await sleep(1);
        return [await DB.get(event, Notes), await DB.count(Notes) > 0, uuid().length];
      });
    `);
    await app.client.queues.resume('kept');
    expect(await event.result()).toEqual([undefined, true, 36]);
  });
});

test('an event that ended in error tells why, the last attempt included', async () => {
  await serve(`
    export const twice = worker('twice', { retry: { retries: 1, delay: 10 } }, async (_event, info) => {
      throw new TypeError('attempt ' + info.attempt);
    });
  `);
  const event = await app.client.emit(null, 'twice');
  await event.result().catch(() => {});
  const { errors, runs } = await event.describe();
  expect(errors.map(({ attempt, message }) => [attempt, message])).toEqual([
    [1, 'TypeError: attempt 1'],
    [2, 'TypeError: attempt 2'],
  ]);
  expect(runs.map(({ outcome }) => outcome)).toEqual(['retried', 'error']);
});

describe('NonRetryable', () => {
  test.each([
    ['thrown by the handler', `throw new NonRetryable('no such account');`],
    [
      'of a class made from it',
      `class Gone extends NonRetryable {} throw new Gone('no such account');`,
    ],
    [
      'thrown by an activity, which is not tried again either',
      `await activities({ startToCloseTimeout: '5s' }).refuse();`,
    ],
  ])('%s ends the event at once', async (_what, body) => {
    await serve(`export const final = worker('final', async () => { ${body} });`);
    const event = await app.client.emit(null, 'final');
    await expect(event.result()).rejects.toMatchObject({
      code: 'handler_failed',
      message: 'no such account',
    });
    expect(await event.describe()).toMatchObject({
      status: 'error',
      attempts: 1,
      errors: [{ attempt: 1, message: 'NonRetryable: no such account' }],
    });
  });
});

describe('onError', () => {
  const reports = async (): Promise<FailedEvent[]> => {
    const found = await app.client.events.list({ handler: 'onError', status: 'done' });
    return Promise.all(
      found.map(async ({ id }) => (await app.client.events.get(id).result()) as FailedEvent),
    );
  };
  const FAILS = `
    export const fails = worker('fails', { retry: { retries: 1, delay: 10 } }, async () => { throw new RangeError('no'); });
    export const checked = worker('checked', { event: t.Record({ n: t.Int }) }, async () => 1);
  `;

  test('gets every event that ended in error, once', async () => {
    await serve(`${FAILS} export const report = onError(async (failed) => failed);`);
    const failed = [await app.client.emit({ n: 1 }, 'fails'), await app.client.emit(5, 'checked')];
    await Promise.all(failed.map((event) => event.result().catch(() => {})));
    const seen = await until(reports, (found) => found.length === 2);
    expect(seen.sort((a, b) => a.attempts - b.attempts)).toEqual([
      {
        id: failed[1]?.id,
        handler: 'checked',
        event: 5,
        error: { message: expect.stringContaining('Record') as string, type: 'event_invalid' },
        attempts: 1,
      },
      {
        id: failed[0]?.id,
        handler: 'fails',
        event: { n: 1 },
        error: { message: 'no', type: 'RangeError' },
        attempts: 2,
      },
    ]);
    const { attempts } = await app.client.traces.get(failed[0]?.id ?? '');
    const child = attempts.at(-1)?.steps.at(-1)?.child;
    expect(await app.client.traces.get(child?.id ?? '')).toMatchObject({
      handler: 'onError',
      parent: { id: failed[0]?.id, handler: 'fails' },
    });
  });

  test('is retried as any worker is, and an error in it calls nobody', async () => {
    await serve(
      `${FAILS} export const report = onError(async () => { throw new NonRetryable('report'); });`,
    );
    await (await app.client.emit({ n: 2 }, 'fails')).result().catch(() => {});
    const [report] = await until(
      () => app.client.events.list({ handler: 'onError', status: 'error' }),
      (found) => found.length > 0,
    );
    await app.client.events
      .get(report?.id ?? '')
      .result()
      .catch(() => {});
    await (await app.client.emit({ n: 3 }, 'checked')).result().catch(() => {}); // the next task of this worker
    expect(await app.client.events.list({ handler: 'onError' })).toHaveLength(3); // two above, one here
  });

  test('gets an event that is too large to be sent along without it', async () => {
    await serve(`${FAILS} export const report = onError(async (failed) => Object.keys(failed));`);
    await (await app.client.emit('x'.repeat(1_999_990), 'fails')).result().catch(() => {});
    const keys = await until(
      async () => (await reports()).filter((value) => Array.isArray(value)),
      (found) => found.length === 1,
    );
    expect(keys).toEqual([['id', 'handler', 'error', 'attempts']]);
  });

  test('a worker that is only called so gets nothing', async () => {
    const before = (await app.client.events.list({ handler: 'onError' })).length;
    await serve(`${FAILS} export const mine = worker('onError', async () => 'mine');`);
    await (await app.client.emit({ n: 4 }, 'fails')).result().catch(() => {});
    await (await app.client.emit(1, 'checked')).result().catch(() => {});
    expect(await app.client.events.list({ handler: 'onError' })).toHaveLength(before);
  });
});
