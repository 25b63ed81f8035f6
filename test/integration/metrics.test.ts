import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '../../src/shared/metrics';
import { useAppFolder } from '../support/app-folder';
import { cli } from '../support/cli';
import { errorWith } from '../support/error-with';
import { freePort } from '../support/free-port';
import { useApp } from '../support/test-app';
import { ROOT } from '../support/type-check';
import { until, untilIs } from '../support/until';

const folder = useAppFolder();
const port = freePort();
const app = useApp(
  folder.write(`
  export const Seen = datastore('Seen', { n: t.Int });
  export const writes = worker('writes', async ({ n }: { n: number }, { id }) => {
    await Promise.all([DB.set({ n }, id, Seen), DB.set({ n }, id + 'b', Seen)]);
    await DB.get(id, Seen);
    return n;
  });
  export const fails = worker('fails', { retry: { retries: 2 } }, async () => { throw new Error('no'); });
  export const wrong = worker('wrong', { retry: { retries: 0 } }, async ({ id }: { id: string }) => {
    await DB.set({ n: 'text' } as never, id, Seen);
  });
  export const sleeps = worker('sleeps', async () => { await sleep('1 day'); });
  export const waits = worker('waits', async () => { await sleep('2 seconds'); });
`),
  { metrics: `127.0.0.1:${port}`, retryDelay: 10 },
);

type Tags = Record<string, string>;
interface Sample {
  readonly name: string;
  readonly tags: Tags;
  readonly value: number;
}

async function samples(): Promise<Sample[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.split('\n').flatMap((line) => {
    const [, name, tags = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...tags.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, k, v]) => [k, v]);
    return [{ name, tags: Object.fromEntries(pairs) as Tags, value: Number(value) }];
  });
}

/** The sum of all samples with these tags. */
async function valueOf(name: string, tags: Tags = {}): Promise<number> {
  return (await samples())
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(tags).every(([k, v]) => sample.tags[k] === v))
    .reduce((sum, { value }) => sum + value, 0);
}

test('events are counted by handler and status, once each, whatever is replayed', async () => {
  const events = await Promise.all([1, 2, 3].map((n) => app.client.emit({ n }, 'writes')));
  for (const event of events) await event.result();
  const failed = await app.client.emit(null, 'fails');
  await failed.result().catch(() => {});
  await (await app.client.emit(null, 'nobody')).result().catch(() => {});
  const cancelled = await app.client.emit(null, 'sleeps');
  await until(
    () => app.client.traces.get(cancelled.id),
    ({ attempts }) => attempts[0]?.steps.length === 1,
  );
  await cancelled.cancel();
  await cancelled.result().catch(() => {});
  const ended = async (): Promise<object> => ({
    done: await valueOf(METRICS.events, { handler: 'writes', status: 'done' }),
    error: await valueOf(METRICS.events, { handler: 'fails', status: 'error' }),
    retries: await valueOf(METRICS.retries, { handler: 'fails' }),
    missing: await valueOf(METRICS.events, { handler: 'nobody', status: 'missing' }),
    cancelled: await valueOf(METRICS.events, { handler: 'sleeps', status: 'cancelled' }),
    all: await valueOf(METRICS.events),
    runs: await valueOf(`${METRICS.run}_count`),
    starts: await valueOf(`${METRICS.start}_count`),
  });
  const all = {
    ...{ done: 3, error: 1, retries: 2, missing: 1, cancelled: 1, all: 6 },
    runs: 3 + 3 + 1, // attempts, without the one that has no handler
    starts: 3 + 3 + 1 + 1,
  };
  expect(await ended()).toEqual(all);
  for (const { id } of [...events, failed, cancelled]) await app.client.traces.get(id); // replays
  await app.worker.reload();
  for (const { id } of [...events, failed, cancelled]) await app.client.traces.get(id);
  expect(await ended()).toEqual(all);
});

test('times are in seconds, from when an event could start', async () => {
  const event = await app.client.emit(null, 'waits', { delay: 3_000 });
  await event.result();
  const tags = { handler: 'waits' };
  const run = await valueOf(`${METRICS.run}_sum`, { ...tags, status: 'done' });
  expect(run).toBeGreaterThan(1.9);
  expect(run).toBeLessThan(20);
  expect(await valueOf(`${METRICS.start}_count`, tags)).toBe(1);
  expect(await valueOf(`${METRICS.start}_sum`, tags)).toBeLessThan(2.9); // its delay is not in it
});

test("the datastores' calls are counted by function and outcome", async () => {
  const calls = (name: string, status: string): Promise<number> =>
    valueOf(METRICS.dbCalls, { function: name, status });
  const before = [await calls('set', 'done'), await calls('get', 'done')];
  await (await app.client.emit({ n: 9 }, 'writes')).result();
  expect(await calls('set', 'done')).toBe((before[0] ?? 0) + 2);
  expect(await calls('get', 'done')).toBe((before[1] ?? 0) + 1);
  await (await app.client.emit({ id: 'x' }, 'wrong')).result().catch(() => {});
  expect(await calls('set', 'error')).toBe(1);
  expect(await valueOf(`${METRICS.dbTime}_count`, { function: 'set' })).toBe(
    (await calls('set', 'done')) + 1,
  );
});

test('holding is counted, and how many are held is told', async () => {
  await app.client.queues.pause('writes', { reason: 'for a while', by: 'test' });
  const starts = await valueOf(`${METRICS.start}_count`, { handler: 'writes' });
  const event = await app.client.emit({ n: 1 }, 'writes');
  const held = (): Promise<number> => valueOf(METRICS.held, { app: app.name, handler: 'writes' });
  await untilIs(held, 1, 25_000);
  expect(await valueOf(METRICS.holds, { handler: 'writes' })).toBe(1);
  await app.client.queues.resume('writes');
  await event.result();
  await untilIs(held, 0, 25_000);
  expect(await valueOf(METRICS.holds, { handler: 'writes' })).toBe(1);
  expect(await valueOf(`${METRICS.start}_count`, { handler: 'writes' })).toBe(starts);
}, 60_000);

test('a second worker process of the same process may not have another address', async () => {
  await expect(app.startWorker({ metrics: '127.0.0.1:1' })).rejects.toThrow(
    errorWith({ code: 'config_invalid' }),
  );
});

describe('the Grafana dashboard', () => {
  const file = readFileSync(join(ROOT, 'docs', 'grafana.json'), 'utf8');
  const dashboard = JSON.parse(file) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  const expressions = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as const),
  );

  test('has something to show', () => {
    expect(expressions.length).toBeGreaterThan(8);
  });

  test.each(expressions)('"%s" asks for metrics and tags that there are: %s', async (_t, expr) => {
    const there = await samples();
    const asked = [...expr.matchAll(/\b(nightshift_\w+|temporal_\w+)\b(\{[^}]*\})?/g)];
    expect(asked.length).toBeGreaterThan(0);
    for (const [, name = '', tags = ''] of asked) {
      const found = there.filter((sample) => sample.name === name);
      expect({ name, found: found.length > 0 }).toEqual({ name, found: true });
      const wanted = [...tags.matchAll(/(\w+)(?:=~?|!=)"/g)].map(([, tag = '']) => tag);
      const by = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
        list.split(/,\s*/),
      );
      for (const tag of [...wanted, ...by])
        expect({ name, tag, found: found.some((sample) => tag in sample.tags) }).toEqual({
          ...{ name, tag, found: true },
        });
    }
  });
});

test('a port in use is refused when the worker process starts', async () => {
  const { code, err } = await cli(['worker', join(folder.path, 'app.ts'), '--name', app.name], {
    env: { NIGHTSHIFT_METRICS: `127.0.0.1:${port}` },
  });
  expect(code).toBe(1);
  expect(err).toContain(`Metrics cannot be served at 127.0.0.1:${port}`);
  expect(err).toContain('NIGHTSHIFT_METRICS');
});
