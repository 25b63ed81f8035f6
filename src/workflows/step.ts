import { inWorkflowContext } from '@temporalio/workflow';
import { NightshiftError } from '../shared/errors';

/**
 * A step's promise. It knows whether anybody looked at its outcome, so that a step which the handler forgot to await
 * still ends within the event, and its failure is the event's failure rather than a rejection that nobody handles:
 * that one would make Temporal repeat the workflow task for ever.
 */
class Step<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'Promise';
  observed = false;

  constructor(private readonly promise: Promise<T>) {
    promise.catch(() => {});
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.observed = true;
    return this.promise.then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    this.observed = true;
    return this.promise.finally(onFinally);
  }
}

// This module is shared by all event runs in the process (see preloadedModules in the bundler), the sandbox's global object
// is each run's own: hence the list is kept there.
const STEPS: unique symbol = Symbol.for('nightshift.steps') as never;
const run = globalThis as { [STEPS]?: Step<unknown>[] };

/** Makes `work` a step of the present handler run. `name` is what the user called, for the error outside a handler. */
export function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!inWorkflowContext()) throw outsideHandler(name);
  const started = new Step((async () => work())()); // a wrong argument rejects, as everything else that fails
  (run[STEPS] ??= []).push(started);
  return started;
}

/** Waits for the steps that the handler did not await; rejects with the first failure among them. */
export async function settleSteps(): Promise<void> {
  for (const started of run[STEPS] ?? []) {
    if (!started.observed) await started;
  }
}

function outsideHandler(name: string): NightshiftError {
  return new NightshiftError('usage', `${name} was called outside a handler`, {
    remedies: ['in Node, use the client: const client = await connect() from "nightshift/client"'],
  });
}
