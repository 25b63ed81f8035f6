import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** A span as it came. */
export interface ReceivedSpan {
  readonly name: string;
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: 'unset' | 'ok' | 'error';
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Collector {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** All that was sent, as text. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

const value = z.record(z.string(), z.unknown()).transform((any) => Object.values(any)[0]);
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((list) => Object.fromEntries(list.map((entry) => [entry.key, entry.value])));
const nanos = z.string().transform((text) => Number(BigInt(text) / 1_000_000n));
const span = z.object({
  name: z.string(),
  traceId: z.string().regex(/^[\da-f]{32}$/),
  spanId: z.string().regex(/^[\da-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[\da-f]{16}$/)
    .optional(),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  status: z.object({ code: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0) }),
});
/** OTLP over HTTP as JSON: the request of `/v1/traces`. */
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** Takes spans as a collector of OpenTelemetry does, for tests to look at. */
export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((asked, answer) => {
    let body = '';
    asked.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    asked.on('end', () => {
      bodies.push(body);
      const read = asked.url === '/v1/traces' ? request.safeParse(JSON.parse(body)) : undefined;
      if (read?.success) spans.push(...spansIn(read.data));
      answer.writeHead(read?.success === true ? 200 : 400, { 'content-type': 'application/json' });
      answer.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const STATUS = ['unset', 'ok', 'error'] as const;

function spansIn({ resourceSpans }: z.infer<typeof request>): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ status, startTimeUnixNano, endTimeUnixNano, parentSpanId, ...rest }) => ({
        ...rest,
        ...(parentSpanId === undefined ? {} : { parentSpanId }),
        service: String(resource.attributes['service.name']),
        status: STATUS[status.code],
        startedAt: startTimeUnixNano,
        endedAt: endTimeUnixNano,
      })),
    ),
  );
}

/** A span and what is below it, `<name> <status>`, in the order of their names. */
export type SpanTree = { readonly [span: string]: SpanTree[] };

/** The spans of a trace as trees, one for each whose parent did not come. */
export function treesOf(spans: readonly ReceivedSpan[]): SpanTree[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | undefined): SpanTree[] =>
    spans
      .filter(({ parentSpanId }) =>
        parent === undefined
          ? parentSpanId === undefined || !known.has(parentSpanId)
          : parentSpanId === parent,
      )
      .map(({ name, status, spanId }) => ({ [`${name} ${status}`]: below(spanId) }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return below(undefined);
}
