import { inWorkflowContext } from '@temporalio/workflow';
import { NightshiftError } from '../shared/errors';
import { checkHistory } from './history-limit';

/**
 * A step's promise. It knows whether anybody looked at its outcome, so that a step which the handler forgot to await
 * still ends within the event, and its failure is the event's failure rather than a rejection that nobody handles:
 * that one costs a workflow task, see floating-rejections.ts.
 */
class Step<R, T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'Promise';
  observed = false;

  constructor(
    private readonly promise: Promise<R>,
    private readonly finish: (result: R) => T,
  ) {
    promise.catch(() => {});
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.observed = true;
    const { finish } = this;
    const fulfilled = onFulfilled ? (result: R) => onFulfilled(finish(result)) : finish;
    const next = this.promise.then(fulfilled as (result: R) => A | PromiseLike<A>, onRejected);
    // Without a handler for the failure, it is in the next promise, which may be the one that nobody looks at. `await`
    // gives one, and so costs nothing more.
    return onRejected == null ? tracked(new Step(next, asIs)) : next;
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    this.observed = true;
    return tracked(new Step(this.promise.then(this.finish).finally(onFinally), asIs));
  }
}

const asIs = <T>(result: T): T => result;

type Observable = Pick<Step<unknown, unknown>, 'observed' | 'then'>;

// This module is shared by all event runs in the process (see preloadedModules in the bundler), the sandbox's global object
// is each run's own: hence the list is kept there.
const STEPS: unique symbol = Symbol.for('nightshift.steps') as never;
const REFUSED: unique symbol = Symbol.for('nightshift.steps-refused') as never;
const run = globalThis as { [STEPS]?: Observable[]; [REFUSED]?: string };

/**
 * Makes `start` a step of the present handler run; `finish` turns what it gives into the step's value. `name` is what
 * the user called, for the error outside a handler. The value is a Promise in all but its class.
 */
export function step<R, T>(
  name: string,
  start: () => Promise<R>,
  finish: (result: R) => T,
): Promise<T> {
  if (!inWorkflowContext()) throw outsideHandler(name);
  if (run[REFUSED] !== undefined) throw refused(name, run[REFUSED]);
  return tracked(new Step<R, T>(startedBy(start), finish));
}

function tracked<R, T>(started: Step<R, T>): Promise<T> {
  (run[STEPS] ??= []).push(started);
  return started;
}

/** A wrong argument rejects, as everything else that fails. */
function startedBy<R>(start: () => Promise<R>): Promise<R> {
  try {
    checkHistory(run[STEPS]?.length ?? 0);
    return start();
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown, unchanged
    return Promise.reject(error);
  }
}

/** The steps that the handler did not await: undefined if there is none, else rejects with the first failure of them. */
export function settleSteps(): Promise<void> | undefined {
  const floating = run[STEPS]?.filter(({ observed }) => !observed) ?? [];
  return floating.length === 0 ? undefined : settle(floating);
}

async function settle(floating: readonly Observable[]): Promise<void> {
  for (const started of floating) await started;
}

/** From here on, nothing in this run may be a step; `where` says what runs instead of a handler. */
export function refuseSteps(where: string): void {
  run[REFUSED] = where;
}

function refused(name: string, where: string): NightshiftError {
  return new NightshiftError(
    'usage',
    `${name} was called in ${where}, which may only make records`,
  );
}

export function outsideHandler(name: string): NightshiftError {
  return new NightshiftError('usage', `${name} was called outside a handler`, {
    remedies: ['in Node, use the client: const client = await connect() from "nightshift/client"'],
  });
}
