/**
 * Counts and times events: bundled in only where metrics are asked for. Temporal's meter keeps still in replays, so
 * nothing is counted twice but what a lost task did.
 */
import { metricMeter, workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import type { Admission } from '../activities/queue-activities';
import { METRICS } from '../shared/metrics';
import { RESERVED_PREFIX } from '../shared/names';
import type { Retry } from '../shared/retry';
import type { RunStatus } from '../shared/spans';
import { hearGate } from './gate';
import { outcomeOf } from './run-outcome';

class MeasuredRun {
  #startedAt: number | undefined;
  #wasHeld = false;
  #isMissing = false;

  constructor(private readonly handler: string) {}

  admitted(answer: Admission['answer'], dueAt: number): void {
    if (answer === 'hold') {
      if (!this.#wasHeld) count(METRICS.holds, { handler: this.handler });
      this.#wasHeld = true;
      return;
    }
    this.#startedAt = Date.now(); // the event's own clock: a replay reads the same
    if (!this.#wasHeld) record(METRICS.start, now() - dueAt, { handler: this.handler });
  }

  missing(): void {
    this.#isMissing = true;
  }

  ended(how: RunStatus): void {
    const { handler } = this;
    const status = this.#isMissing ? 'missing' : how;
    if (status === 'retried') count(METRICS.retries, { handler });
    else count(METRICS.events, { handler, status });
    if (this.#startedAt !== undefined && status !== 'missing')
      record(METRICS.run, now() - this.#startedAt, { handler, status });
  }
}

type Tags = Readonly<Record<string, string>>;

const count = (name: string, tags: Tags): void => metricMeter.createCounter(name).add(1, tags);

/** Clocks of two machines may differ, so that a time comes out below zero. */
const record = (name: string, ms: number, tags: Tags): void =>
  metricMeter.createHistogram(name, 'float', 's').record(Math.max(0, ms) / 1000, tags);

const now = (): number => workflowInfo().unsafe.now();

/** Temporal calls it at the start of each run. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const { workflowType, runStartTime, cronScheduleToScheduleInterval: delayMs } = workflowInfo();
  if (workflowType.startsWith(RESERVED_PREFIX)) return {};
  const run = new MeasuredRun(workflowType);
  let dueAt = runStartTime.getTime() + (delayMs ?? 0);
  const admitted = (answer: Admission['answer']): void => run.admitted(answer, dueAt);
  return {
    inbound: [
      {
        async execute(input, next) {
          const retry = input.args[1] as Retry | undefined;
          dueAt = Math.max(dueAt, retry?.nextAt ?? 0);
          try {
            const value = await next(input);
            run.ended('done');
            return value;
          } catch (error) {
            run.ended(outcomeOf(error));
            throw error;
          }
        },
      },
    ],
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const result = next(input);
          if (input.activityType === 'Queue::missing') run.missing();
          hearGate(input.activityType, result, admitted);
          return result;
        },
      },
    ],
  };
};
