import { connect, type EventHandle } from 'nightshift/client';
import type { Logger } from 'nightshift/worker';
import { bundleApp } from '../../src/app/bundle-app';
import { spansInterceptor } from '../../src/worker/spans';
import { useAppFolder } from '../support/app-folder';
import { type Collector, type ReceivedSpan, startCollector, treesOf } from '../support/collector';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const SECRET = 'kept-to-ourselves';

const folder = useAppFolder();
folder.write(
  `export const charge = async (card: string) => {
     if (card.startsWith('bad')) throw new Error('no such card: ' + card);
     return card;
   };`,
  'activities.ts',
);
const source = folder.write(`
  export const Orders = datastore('Orders', { card: t.String });
  const { charge } = activities<{ charge(card: string): Promise<string> }>({ startToCloseTimeout: '5s', retries: 0 });
  export const order = worker('order', async ({ card }: { card: string }, { id }) => {
    await DB.set({ card }, id, Orders);
    await charge(card);
    await Password.hash(card);
    await emit({ card }, 'ship', { id: id + '-ship' });
  });
  export const ship = worker('ship', { retry: { retries: 1, delay: 10 } }, async ({ card }: { card: string }) => {
    await charge('bad ' + card);
  });
  export const draws = worker('draws', async (_: null, { id }) => {
    const before = uuid();
    await DB.set({ card: before + Math.random() }, id, Orders);
    await sleep('4 seconds');
    return [before, (await DB.get(id, Orders))?.card];
  });
  export const nightly = cron('nightly', { cron: '0 3 * * *', timezone: 'UTC' }, async () => { await DB.getAll(Orders); });
`);

let collector: Collector;
const before = { ...process.env };
beforeAll(async () => {
  collector = await startCollector();
  Object.assign(process.env, {
    NIGHTSHIFT_OPENTELEMETRY: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
    OTEL_BSP_SCHEDULE_DELAY: '50',
  });
});
const app = useApp(source);
afterAll(async () => {
  process.env = before;
  await collector.close();
});

const eventOf = ({ attributes }: ReceivedSpan): unknown => attributes['nightshift.event.id'];
const spansOf = (...ids: string[]): ReceivedSpan[] =>
  collector.spans.filter((span) => ids.includes(String(eventOf(span))));
const arrived = (count: number, ...ids: string[]): Promise<ReceivedSpan[]> =>
  until(
    () => spansOf(...ids),
    (spans) => spans.length >= count,
  );

describe('from the emitter to the handler to the handler of what that emits', () => {
  let spans: ReceivedSpan[];
  beforeAll(async () => {
    const event = await app.client.emit({ card: SECRET }, 'order', { id: 'o-1' });
    await event.result();
    await app.client.events
      .get('o-1-ship')
      .result()
      .catch(() => {});
    spans = await arrived(11, 'o-1', 'o-1-ship');
  });

  test('is one trace', () => {
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(treesOf(spans)).toEqual([
      {
        'StartWorkflow:order ok': [
          {
            'RunWorkflow:order ok': [
              { 'RunActivity:DB::set ok': [] },
              {
                'RunActivity:Event::emit ok': [
                  {
                    'StartWorkflow:ship ok': [
                      { 'RunWorkflow:ship error': [{ 'RunActivity:charge error': [] }] },
                      { 'RunWorkflow:ship error': [{ 'RunActivity:charge error': [] }] },
                    ],
                  },
                ],
              },
              { 'RunActivity:Password::hash ok': [] },
              { 'RunActivity:charge ok': [] },
            ],
          },
        ],
      },
    ]);
  });

  test('says of each span which app, handler and event it is of', () => {
    for (const { attributes, service } of spans) {
      const isOrder = attributes['nightshift.event.id'] === 'o-1';
      expect(attributes).toMatchObject({
        'nightshift.app': app.name,
        'nightshift.handler': isOrder ? 'order' : 'ship',
      });
      expect(service).toBe(app.name);
    }
  });

  test('says how each attempt ended, and with which error', () => {
    const attempts = spans.filter(({ name }) => name === 'RunWorkflow:ship');
    const told = attempts.map(({ attributes }) => [
      ...['attempt', 'status'].map((name) => attributes[`nightshift.${name}`]),
      attributes['error.type'],
    ]);
    expect(told).toEqual([
      [1, 'retried', undefined],
      [2, 'error', 'Error'],
    ]);
  });

  test('no span begins before the one above it, or ends before it begins', () => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    for (const { parentSpanId, startedAt, endedAt } of spans) {
      expect(endedAt).toBeGreaterThanOrEqual(startedAt);
      const parent = byId.get(parentSpanId ?? '');
      if (parent !== undefined) expect(startedAt).toBeGreaterThanOrEqual(parent.startedAt - 1);
    }
  });

  test('tells nothing of what is in events, records, passwords and errors', () => {
    const sent = collector.bodies.join('\n');
    expect(sent).toContain('o-1-ship');
    expect(sent).not.toContain(SECRET);
    expect(sent).not.toContain('no such card');
  });
});

test('a replay sends nothing again', async () => {
  const event = await app.client.emit({ card: 'x' }, 'order', { id: 'o-2' });
  await event.result();
  await app.client.events
    .get('o-2-ship')
    .result()
    .catch(() => {});
  const count = (await arrived(11, 'o-2', 'o-2-ship')).length;
  await app.client.traces.get('o-2');
  await app.worker.reload();
  await app.client.traces.get('o-2');
  const after = await app.client.emit(null, 'nobody', { id: 'after' });
  await after.result().catch(() => {});
  await arrived(2, 'after');
  expect(spansOf('o-2', 'o-2-ship')).toHaveLength(count);
});

test('an event without a handler says so', async () => {
  const event = await app.client.emit(null, 'nobody', { id: 'missing' });
  await event.result().catch(() => {});
  const spans = await arrived(2, 'missing');
  expect(spans.map(({ attributes }) => attributes['nightshift.status'])).toContain('missing');
});

test('an id that is given again is no failure, and makes no second event', async () => {
  const emitted = (): Promise<EventHandle> => app.client.emit(null, 'nobody', { id: 'twice' });
  await emitted();
  await (await emitted()).result().catch(() => {});
  const spans = await arrived(3, 'twice');
  expect(treesOf(spans)).toEqual([
    { 'StartWorkflow:nobody ok': [] },
    { 'StartWorkflow:nobody ok': [{ 'RunWorkflow:nobody ok': [] }] },
  ]);
});

test('an event of a cron begins a trace', async () => {
  const [before] = [collector.spans.length];
  await app.temporal.schedule.getHandle(`${app.name}/nightly`).trigger();
  const spans = await until(
    () =>
      collector.spans
        .slice(before)
        .filter(({ attributes }) => attributes['nightshift.handler'] === 'nightly'),
    (found) => found.length >= 2,
  );
  expect(treesOf(spans)).toEqual([
    { 'RunWorkflow:nightly ok': [{ 'RunActivity:DB::getAll ok': [] }] },
  ]);
});

test('what a handler draws stays the same where spans are switched off meanwhile', async () => {
  const event = await app.client.emit(null, 'draws', { id: 'draws' });
  await until(
    () => app.client.traces.get('draws'),
    ({ attempts }) => attempts[0]?.steps.length === 2,
  );
  await app.worker.shutdown();
  await app.startWorker({ openTelemetry: false });
  const [drawn, stored] = (await event.result()) as [string, string];
  expect(stored.startsWith(drawn)).toBe(true);
});

test('without the switch nothing is sent, and nothing of it is in the bundle', async () => {
  await using off = await connect({ name: app.name, openTelemetry: false });
  const event = await off.emit({ card: 'y' }, 'order', { id: 'off' });
  await event.result();
  await off.events
    .get('off-ship')
    .result()
    .catch(() => {});
  const on = await app.client.emit(null, 'nobody', { id: 'on' });
  await on.result().catch(() => {});
  await arrived(1, 'on');
  expect(spansOf('off', 'off-ship')).toEqual([]);
  const [withSpans, without] = await Promise.all(
    [[spansInterceptor], []].map((interceptors) => bundleApp(source, { interceptors })),
  );
  expect(withSpans?.bundle.code).toContain('nightshiftSpans');
  expect(without?.bundle.code).not.toContain('nightshiftSpans');
});

test('where spans cannot be sent, the log of the worker process says so, and events run on', async () => {
  const said: unknown[] = [];
  const log: Logger['log'] = (level, message, fields) => said.push([level, message, fields]);
  await app.startWorker({ logger: { log } });
  await collector.close();
  const event = await app.client.emit({ card: SECRET }, 'order', { id: 'unsent' });
  await event.result();
  const warnings = await until(
    () => said.filter((line) => String(line).startsWith('warn,spans')),
    (found) => found.length > 0,
  );
  expect(warnings).toEqual([
    ['warn', 'spans cannot be sent', { error: expect.stringContaining('ECONNREFUSED') as string }],
  ]);
});
