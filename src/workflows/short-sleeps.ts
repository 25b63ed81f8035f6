/** For tests: no sleep of a handler takes longer than a second. Its trace has the duration that was asked for. */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { SLEEP_SUMMARY } from './sleep';

const LONGEST_MS = 1_000;

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      startTimer(input, next) {
        // Other timers are timeouts, and waits for a retry.
        const isSleep = input.options?.summary?.startsWith(SLEEP_SUMMARY) === true;
        const durationMs = isSleep ? Math.min(input.durationMs, LONGEST_MS) : input.durationMs;
        return next({ ...input, durationMs });
      },
    },
  ],
});
