import { ContinueAsNew, isCancellation } from '@temporalio/workflow';

/** How a run ended that threw this. */
export function outcomeOf(error: unknown): 'retried' | 'cancelled' | 'error' {
  if (error instanceof ContinueAsNew) return 'retried';
  return isCancellation(error) ? 'cancelled' : 'error';
}
