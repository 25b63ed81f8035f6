/**
 * A promise that is rejected while nobody handles it fails the workflow task, which Temporal then repeats for ever. Here
 * the first try tells what it was, and in the next ones each promise of the run counts as handled, so that the task goes
 * through, and the rejection is the handler's failure when it ends. Costs nothing where there is none. Loaded before any
 * run, see bundle-app.ts.
 */
import {
  workflowInfo,
  type WorkflowInternalsInterceptor,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

/** What Temporal's worker keeps of a run in the sandbox. */
interface Activator {
  /** Why the present task failed. */
  readonly workflowTaskError?: unknown;
}

const KEPT = 1_000;
const TRACKED: unique symbol = Symbol.for('nightshift.tracked-promises') as never;
const run = globalThis as {
  [TRACKED]?: Promise<unknown>[];
  readonly __TEMPORAL_ACTIVATOR__?: Activator;
};

/** What was rejected in an earlier try, by run: of this process, so that each one finds out for itself. */
const rejections = new Map<string, unknown>();
/** How many runs are tracked. Looking at the global object for each promise would cost more than making it. */
let tracked = 0;

// Temporal's worker puts the run's id to each promise that is made: the one way to come by those of async functions.
void Object.defineProperty(Promise.prototype, 'runId', {
  set(this: Promise<unknown>) {
    if (tracked > 0) run[TRACKED]?.push(this);
  },
});

/** What was rejected in this run while nobody handled it, if anything was. */
export function floatingRejection(): { readonly reason: unknown } | undefined {
  const { runId } = workflowInfo();
  return rejections.has(runId) ? { reason: rejections.get(runId) } : undefined;
}

/** Temporal calls it at the start of each run, and each time it is replayed. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { runId } = workflowInfo();
  const remembers: WorkflowInternalsInterceptor = {
    dispose(input, next) {
      remember(runId);
      next(input);
    },
  };
  return { internals: rejections.has(runId) ? [remembers, track()] : [remembers] };
};

function track(): WorkflowInternalsInterceptor {
  run[TRACKED] = [];
  tracked++;
  return {
    concludeActivation(input, next) {
      handleTracked();
      return next(input);
    },
    dispose(input, next) {
      tracked--;
      next(input);
    },
  };
}

function remember(runId: string): void {
  const error = run.__TEMPORAL_ACTIVATOR__?.workflowTaskError;
  if (!isUnhandled(error)) return;
  rejections.set(runId, error.cause);
  const [oldest] = rejections.keys();
  if (rejections.size > KEPT && oldest !== undefined) rejections.delete(oldest);
}

/** By its name: the class is outside the sandbox. */
const isUnhandled = (error: unknown): error is { readonly cause?: unknown } =>
  (error as { readonly name?: unknown } | undefined)?.name === 'UnhandledRejectionError';

/** Before Temporal's worker looks for rejected ones that nobody handles. */
function handleTracked(): void {
  const made = run[TRACKED] ?? [];
  delete run[TRACKED]; // what handling them makes is of no interest
  for (const promise of made) promise.catch(() => {});
  run[TRACKED] = [];
}
