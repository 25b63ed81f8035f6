/**
 * Keeps an event on the build that began its handler: bundled in only where worker processes have build ids. Before, the
 * history holds nothing but our own steps, so what waits (held, for its retry) goes along to the build that is current.
 */
import { workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import type { Admission } from '../activities/queue-activities';
import { RESERVED_PREFIX } from '../shared/names';
import { hearGate } from './gate';

/** Temporal asks for it with each task, but its options set it for a whole run only. */
interface Activator {
  versioningBehavior?: 'PINNED' | 'AUTO_UPGRADE';
}

function pin(): void {
  const { __TEMPORAL_ACTIVATOR__: activator } = globalThis as {
    __TEMPORAL_ACTIVATOR__?: Activator;
  };
  if (activator !== undefined) activator.versioningBehavior = 'PINNED';
}

function pinWhenAdmitted(answer: Admission['answer']): void {
  if (answer === 'run') pin();
}

/** Temporal calls it at the start of each run. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  // Operations are our own code, which goes on where another build has begun.
  if (workflowInfo().workflowType.startsWith(RESERVED_PREFIX)) return {};
  return {
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const result = next(input);
          hearGate(input.activityType, result, pinWhenAdmitted);
          return result;
        },
        continueAsNew(input, next) {
          const options = { ...input.options, initialVersioningBehavior: 'AUTO_UPGRADE' as const };
          return next({ ...input, options }); // a retry runs on repaired code
        },
      },
    ],
  };
};
