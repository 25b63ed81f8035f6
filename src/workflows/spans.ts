/**
 * Makes each attempt of an event a span of OpenTelemetry, and hands it on to the steps: bundled in only where that is
 * asked for. It does in the sandbox what Temporal's own interceptor does, which draws the spans' ids from the random
 * numbers of the run, so that `uuid()` would give others wherever spans are switched on or off while an event runs; which
 * loads a tracer for each run; and which tells the messages of errors.
 */
import {
  ApplicationFailure,
  proxySinks,
  type TemporalFailure,
  workflowInfo,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { defaultPayloadConverter, type Headers, type Payload } from '@temporalio/common';
import { RESERVED_PREFIX } from '../shared/names';
import type { Retry } from '../shared/retry';
import {
  type Carrier,
  formatTraceparent,
  isSampled,
  parseTraceparent,
  type RunSpan,
  SPAN_HEADER,
  spanOfRun,
  type SpanSinks,
} from '../shared/spans';
import { hearGate } from './gate';
import { reasonOf } from './handler-error';
import { outcomeOf } from './run-outcome';

/** Nothing that the handler asked for. */
const OUR_OWN = /^Queue::/;

/** Temporal calls it at the start of each run. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { workflowType, runId } = workflowInfo();
  if (workflowType.startsWith(RESERVED_PREFIX)) return {};
  const told = proxySinks<SpanSinks>().nightshiftSpans;
  let startedAt = Date.now();
  let isMissing = false;
  let toSteps: Payload | undefined;
  let toRetry: Payload | undefined;
  const withSpan = <I extends { headers: Headers }>(input: I, span: Payload | undefined): I =>
    span === undefined ? input : { ...input, headers: { ...input.headers, [SPAN_HEADER]: span } };
  return {
    inbound: [
      {
        async execute(input, next) {
          const carrier = carrierIn(input.headers[SPAN_HEADER]);
          const parent = parseTraceparent(carrier['traceparent']);
          const span = spanOfRun(runId, parent);
          toSteps = defaultPayloadConverter.toPayload({
            ...carrier,
            traceparent: formatTraceparent(span),
          });
          // Attempts stand side by side, below what emitted the event.
          toRetry = parent === undefined ? toSteps : input.headers[SPAN_HEADER];
          const end = (outcome: Pick<RunSpan, 'status' | 'errorType'>): void => {
            if (!isSampled(span)) return;
            const { traceId, spanId } = span;
            const { tracestate } = carrier;
            const { attempt = 1 } = (input.args[1] as Retry | undefined) ?? {};
            told.ended({
              ...{ traceId, spanId, startedAt, attempt, ...outcome },
              ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
              ...(tracestate === undefined ? {} : { traceState: tracestate }),
            });
          };
          try {
            const value = await next(input);
            end({ status: isMissing ? 'missing' : 'done' });
            return value;
          } catch (error) {
            const status = outcomeOf(error);
            end({ status, ...(status === 'error' ? { errorType: errorTypeOf(error) } : {}) });
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withSpan(input, toSteps)),
        scheduleLocalActivity(input, next) {
          if (!OUR_OWN.test(input.activityType)) return next(withSpan(input, toSteps));
          if (input.activityType === 'Queue::missing') isMissing = true;
          const result = next(input);
          hearGate(input.activityType, result, (answer) => {
            if (answer === 'run') startedAt = Date.now();
          });
          return result;
        },
        continueAsNew: (input, next) => next(withSpan(input, toRetry)),
      },
    ],
  };
};

/** Any client of Temporal can start a workflow with any header. */
function carrierIn(payload: Payload | undefined): Carrier {
  if (payload === undefined) return {};
  try {
    return { ...defaultPayloadConverter.fromPayload<Carrier>(payload) };
  } catch {
    return {};
  }
}

function errorTypeOf(error: unknown): string {
  if (!(error instanceof ApplicationFailure)) return 'Error';
  const reason = error.cause === undefined ? error : reasonOf(error.cause as TemporalFailure);
  return (reason instanceof ApplicationFailure ? reason.type : undefined) ?? 'Error';
}
