import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors, InjectedSinks } from '@temporalio/worker';
import type { EndedSpan, OpenTelemetry } from '../connections/opentelemetry';
import { veiling } from '../connections/veiled';
import { eventIdOf } from '../shared/ids';
import { spanAttributes } from '../shared/span-attributes';
import { type RunSpan, SPAN_HEADER, type SpanSinks } from '../shared/spans';
import { version } from '../version';

/** The module that makes attempts of events spans inside the bundle. */
export const spansInterceptor = require.resolve('../workflows/spans');

/** Makes a span of each try of a step or an activity, below its event's. */
export function tracedActivities({
  api,
  tracer,
  interceptors,
}: OpenTelemetry): (context: Context) => ActivityInterceptors {
  const { OpenTelemetryActivityInboundInterceptor } = interceptors;
  return (context) => ({
    inbound: {
      execute(input, next) {
        if (input.headers[SPAN_HEADER] === undefined) return next(input); // our own bookkeeping
        const temporals = new OpenTelemetryActivityInboundInterceptor(context, { tracer });
        return veiling((veil) =>
          temporals.execute(input, (traced) =>
            veil(() => {
              api.trace.getActiveSpan()?.setAttributes(attributesOf(context));
              return next(traced);
            }),
          ),
        );
      },
    },
  });
}

function attributesOf({ info }: Context): Record<string, string> {
  const { taskQueue: app, workflowType = '', workflowExecution } = info;
  const id = eventIdOf(app, workflowExecution?.workflowId ?? '');
  return spanAttributes({ app, handler: workflowType, id });
}

/** Takes the spans of the sandbox. Not called in replays, so that each is told once. */
export function spanSinks(openTelemetry: OpenTelemetry): InjectedSinks<SpanSinks> {
  const end = openTelemetry.ending();
  return {
    nightshiftSpans: {
      ended: {
        fn({ workflowType, workflowId, runId, taskQueue }, span) {
          const id = eventIdOf(taskQueue, workflowId);
          const attributes = {
            ...spanAttributes({ app: taskQueue, handler: workflowType, id }),
            ...{ temporalWorkflowId: workflowId, run_id: runId },
            'nightshift.attempt': span.attempt,
            'nightshift.status': span.status,
          };
          end(readable(openTelemetry, span, `RunWorkflow:${workflowType}`, attributes));
        },
      },
    },
  };
}

function readable(
  { api }: OpenTelemetry,
  { traceId, spanId, parentSpanId, traceState, startedAt, status, errorType }: RunSpan,
  name: string,
  attributes: Record<string, string | number>,
): EndedSpan {
  const { SpanKind, SpanStatusCode, TraceFlags, createTraceState } = api;
  const endedAt = Math.max(Date.now(), startedAt); // Temporal's clock may be ahead of ours
  const failed = status === 'error' || status === 'retried';
  const scope = { name: 'nightshift', version: version };
  const context = {
    ...{ traceId, traceFlags: TraceFlags.SAMPLED },
    ...(traceState === undefined ? {} : { traceState: createTraceState(traceState) }),
  };
  const parent = parentSpanId === undefined ? undefined : { ...context, spanId: parentSpanId };
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => ({ ...context, spanId }),
    ...(parent === undefined
      ? {}
      : { parentSpanId: parent.spanId, parentSpanContext: { ...parent, isRemote: true } }),
    startTime: hrTime(startedAt),
    endTime: hrTime(endedAt),
    duration: hrTime(endedAt - startedAt),
    status: failed
      ? { code: SpanStatusCode.ERROR, message: errorType ?? status }
      : { code: status === 'cancelled' ? SpanStatusCode.UNSET : SpanStatusCode.OK },
    attributes: errorType === undefined ? attributes : { ...attributes, 'error.type': errorType },
    links: [],
    events: [],
    ended: true,
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    // The first is version 1's name for it, the second version 2's.
    ...{ instrumentationLibrary: scope, instrumentationScope: scope },
  };
}

const hrTime = (ms: number): [seconds: number, nanos: number] => [
  Math.floor(ms / 1000),
  Math.round((ms % 1000) * 1e6),
];
