import { log, workflowInfo } from '@temporalio/workflow';
import { NightshiftError } from '../shared/errors';
import { HISTORY_TOO_LONG, historyStateOf } from '../shared/history-limit';

// Each run has its own global object, while modules are shared: see step.ts.
const WARNED: unique symbol = Symbol.for('nightshift.long-history') as never;
const run = globalThis as { [WARNED]?: true };

/**
 * Refuses another step where the server would soon end the event with its history, and warns long before.
 * @param steps how many the run has taken: what the present task has done is not in Temporal's count yet
 */
export function checkHistory(steps: number): void {
  const { historyLength, historySize, workflowType: handler } = workflowInfo();
  const events = Math.max(historyLength, steps);
  const state = historyStateOf(events, historySize);
  if (state === 'fine') return;
  if (state === 'full') throw tooLong(handler, events);
  if (run[WARNED]) return;
  run[WARNED] = true;
  log.warn('long history: emit another event that goes on, before it is too long', {
    handler,
    events,
    bytes: historySize,
  });
}

const tooLong = (handler: string, events: number): NightshiftError =>
  new NightshiftError(
    HISTORY_TOO_LONG,
    `Handler "${handler}" has taken so many steps in one attempt that its history has ${events} entries, and Temporal takes 51,200 (or 50 MB): let it emit an event that goes on where it is`,
  );
