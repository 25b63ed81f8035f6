/** What the sandbox and the worker process say to each other of OpenTelemetry's spans. */

/** The header in which Temporal's interceptors for OpenTelemetry pass on the span that something belongs to. */
export const SPAN_HEADER = '_tracer-data';

/** The variables that a propagator of OpenTelemetry wrote: `traceparent` and others. */
export type Carrier = Readonly<Record<string, string>>;

export type RunStatus = 'done' | 'error' | 'cancelled' | 'missing' | 'retried';

/** One attempt of an event, when it has ended. */
export interface RunSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  /** Milliseconds since 1970: when the gate let it in, or, if it never did, when the run began. */
  readonly startedAt: number;
  readonly attempt: number;
  readonly status: RunStatus;
  /** The type of the error; its message may tell what was in the event. */
  readonly errorType?: string;
}

/** What the sandbox calls; as a type, since Temporal's sinks are type aliases with an index signature. */
export type SpanSinks = { readonly nightshiftSpans: { ended(span: RunSpan): void } };

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

/** Of the W3C's header. Undefined if it is none. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(text ?? '') ?? [];
  return isNothing(traceId) || isNothing(spanId) ? undefined : { traceId, spanId, flags };
}

export const formatTraceparent = ({ traceId, spanId, flags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${flags}`;

export const isSampled = ({ flags }: SpanContext): boolean => (parseInt(flags, 16) & 1) === 1;

/**
 * The span of a run. Made from the run's id: a replay comes to the same, and the random numbers of the run stay as they
 * are without spans. A run that nobody's span began starts a trace.
 */
export function spanOfRun(runId: string, parent: SpanContext | undefined): SpanContext {
  const id = runId.replaceAll('-', '');
  return { traceId: parent?.traceId ?? id, spanId: id.slice(16), flags: parent?.flags ?? '01' };
}

const isNothing = (id: string): boolean => /^0*$/.test(id);
