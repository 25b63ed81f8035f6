import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities';

/** The steps of handlers: a failing one is tried twice more, quickly, before the handler sees the failure. */
export const steps = proxyLocalActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 3, initialInterval: '200ms', backoffCoefficient: 4 },
});

/** Our own bookkeeping: never the handler's failure, so it is tried until it succeeds, however long servers are away. */
export const bookkeeping = proxyLocalActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
