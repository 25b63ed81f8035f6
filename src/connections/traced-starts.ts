import {
  WorkflowExecutionAlreadyStartedError,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import { eventIdOf } from '../shared/ids';
import { RESERVED_PREFIX } from '../shared/names';
import { spanAttributes } from '../shared/span-attributes';
import type { OpenTelemetry } from './opentelemetry';
import { veiling } from './veiled';

/** Makes a span of each event that a client starts, below the one that the caller is in; and of nothing else. */
export function tracedStarts({
  api,
  tracer,
  interceptors,
}: OpenTelemetry): WorkflowClientInterceptor {
  const temporals = new interceptors.OpenTelemetryWorkflowClientInterceptor({ tracer });
  return {
    async startWithDetails(input, next) {
      const { workflowType, options } = input;
      const { workflowId, taskQueue } = options;
      if (workflowType.startsWith(RESERVED_PREFIX)) return next(input);
      let repeated: WorkflowExecutionAlreadyStartedError | undefined;
      const output = await veiling((veil) =>
        temporals.startWithDetails(input, (traced) =>
          veil(async () => {
            const id = eventIdOf(taskQueue, workflowId);
            api.trace
              .getActiveSpan()
              ?.setAttributes(spanAttributes({ app: taskQueue, handler: workflowType, id }));
            try {
              return await next(traced);
            } catch (error) {
              if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
              repeated = error; // an id is accepted once, and given again is no failure
              return { runId: '', eagerlyStarted: false };
            }
          }),
        ),
      );
      if (repeated !== undefined) throw repeated;
      return output;
    },
  };
}
