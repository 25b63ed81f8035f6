import type { Context } from 'node:vm';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm';
import { ConfigError, messageOf } from '../shared/errors';

const MIN_RUNS = 5;
const MAX_RUNS = 50;
/** Between the two, it goes on for so long. */
const ENOUGH_MS = 1_000;
/** Where Temporal's worker cuts a task of an event. */
const TIMEOUT_MS = 5_000;
const EVALUATE = '__nightshift_evaluate__';

/** How long each module took by itself, in milliseconds, by webpack's name for it: the median of many events. */
export type EvaluationTimes = ReadonlyMap<string, number>;

/**
 * Has Temporal's sandbox begin one event after another, as a worker process does for each event that it does not have at
 * hand. Modules that are loaded once for all events are not among those that are told.
 * @throws {ConfigError} code `app_invalid` if the app cannot be evaluated there
 */
export async function evaluationTimes({
  code,
}: WorkflowBundleWithSourceMap): Promise<EvaluationTimes> {
  const timer = new ModuleTimer();
  const bundle = { code: timed(code), sourceMap: NO_SOURCES, filename: 'nightshift-check.js' };
  const sandbox = await sandboxOf(timer).create(bundle, TIMEOUT_MS, new Set());
  const runs: EvaluationTimes[] = [];
  const until = performance.now() + ENOUGH_MS;
  try {
    while (runs.length < MIN_RUNS || (runs.length < MAX_RUNS && performance.now() < until)) {
      timer.times = new Map();
      const event = await sandbox.createWorkflow(newEvent(`check-${runs.length}`));
      await event.dispose();
      runs.push(timer.times);
    }
  } catch (cause) {
    throw new ConfigError(
      'app_invalid',
      `The app cannot be evaluated in the sandbox: ${messageOf(cause)}`,
      { cause, remedies: ['what needs Node, its network or its files belongs into activities'] },
    );
  } finally {
    await sandbox.destroy();
  }
  return medians(runs);
}

function sandboxOf(timer: ModuleTimer): typeof ReusableVMWorkflowCreator {
  return class extends ReusableVMWorkflowCreator {
    protected override injectGlobals(context: Context): void {
      super.injectGlobals(context);
      // As Temporal's own: it stays when the sandbox turns to another event.
      Object.defineProperty(context, EVALUATE, {
        value: (id: string, evaluate: () => void) => timer.time(id, evaluate),
      });
    }
  };
}

class ModuleTimer {
  times = new Map<string, number>();
  /** Of each module that is being evaluated, how long those took that it imported. */
  readonly #inner: number[] = [];

  time(id: string, evaluate: () => void): void {
    const began = performance.now();
    this.#inner.push(0);
    try {
      evaluate();
    } finally {
      const took = performance.now() - began;
      const inner = this.#inner.pop() ?? 0;
      this.times.set(id, took - inner);
      const above = this.#inner.length - 1;
      if (above >= 0) this.#inner[above] = (this.#inner[above] ?? 0) + took;
    }
  }
}

/** Where webpack evaluates a module, in one of two ways. */
const FACTORY_CALL = /__webpack_modules__\[moduleId\](?:\.call)?\(.*\);/g;

/** The code, with the evaluation of each module handed to the timer. */
function timed(code: string): string {
  // A package that is a bundle itself has such a line, too; webpack's own stands after all modules.
  const call = [...code.matchAll(FACTORY_CALL)].at(-1);
  if (call === undefined) throw new Error('The bundle is not as webpack makes it');
  const [line] = call;
  const end = call.index + line.length;
  return `${code.slice(0, call.index)}globalThis.${EVALUATE}(moduleId, () => { ${line} });${code.slice(end)}`;
}

const NO_SOURCES = { version: 3, file: '', sources: [], names: [], mappings: '' };

type NewEvent = Parameters<ReusableVMWorkflowCreator['createWorkflow']>[0];

/** As far as the sandbox looks at it before the handler runs. */
function newEvent(runId: string): NewEvent {
  const now = new Date();
  const info = {
    ...{ runId, workflowId: runId, workflowType: 'check', taskQueue: 'check', namespace: 'check' },
    ...{ attempt: 1, historyLength: 3, startTime: now, runStartTime: now },
    unsafe: { isReplaying: false, isReplayingHistoryEvents: false },
  };
  return {
    info: info as unknown as NewEvent['info'],
    randomnessSeed: [1, 2, 3, 4, 5, 6, 7, 8],
    now: now.getTime(),
    showStackTraceSources: false,
  };
}

function medians(runs: readonly EvaluationTimes[]): EvaluationTimes {
  const ids = [...(runs[0]?.keys() ?? [])];
  return new Map(ids.map((id) => [id, median(runs.map((run) => run.get(id) ?? 0))]));
}

const median = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? 0;
