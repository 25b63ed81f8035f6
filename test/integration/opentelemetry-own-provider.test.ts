import { context, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { connect } from 'nightshift/client';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const spans = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
provider.register();
afterAll(() => provider.shutdown());

const key = `test:${Buffer.alloc(32, 7).toString('base64')}`;
const app = useApp(
  useAppFolder().write(`
  export const greet = worker('greet', async ({ name }: { name: string }) => emit({ name }, 'greeted'));
  export const greeted = worker('greeted', async () => {});
`),
  { openTelemetry: true, temporal: { encryptionKey: key } },
);

test('the tracer provider that the program has is used, and events join the trace it is in', async () => {
  await using client = await connect({
    name: app.name,
    openTelemetry: true,
    temporal: { encryptionKey: key },
  });
  const mine = trace.getTracer('shop').startSpan('checkout');
  const event = await context.with(trace.setSpan(context.active(), mine), () =>
    client.emit({ name: 'Paul' }, 'greet'),
  );
  mine.end();
  await event.result();
  const { traceId } = mine.spanContext();
  const found = await until(
    () => spans.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId),
    ({ length }) => length >= 6,
  );
  const nameOf = (id: string | undefined): string | undefined =>
    found.find((span) => span.spanContext().spanId === id)?.name;
  const pairs = found.map(({ name, parentSpanId }) => [nameOf(parentSpanId), name]);
  expect(pairs).toHaveLength(6);
  expect(pairs).toEqual(
    expect.arrayContaining([
      [undefined, 'checkout'],
      ['checkout', 'StartWorkflow:greet'],
      ['StartWorkflow:greet', 'RunWorkflow:greet'],
      ['RunWorkflow:greet', 'RunActivity:Event::emit'],
      ['RunActivity:Event::emit', 'StartWorkflow:greeted'],
      ['StartWorkflow:greeted', 'RunWorkflow:greeted'],
    ]),
  );
});

test('what a trace that is not sampled has is not told', async () => {
  await using client = await connect({
    name: app.name,
    openTelemetry: true,
    temporal: { encryptionKey: key },
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const unsampled = trace.setSpanContext(context.active(), {
    ...{ traceId, spanId: 'b7ad6b7169203331', traceFlags: 0 },
  });
  const event = await context.with(unsampled, () => client.emit({ name: 'Eva' }, 'greet'));
  await event.result();
  const after = await client.emit({ name: 'Ada' }, 'greet', { id: 'after' });
  await after.result();
  await until(
    () => spans.getFinishedSpans(),
    (all) => all.some(({ attributes }) => attributes['nightshift.event.id'] === 'after'),
  );
  expect(spans.getFinishedSpans().filter((s) => s.spanContext().traceId === traceId)).toEqual([]);
});
