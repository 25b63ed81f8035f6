import { type ActivityFunctionWithOptions, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities';
import { room } from '../shared/room';
import { MAX_VALUE_BYTES } from '../shared/storable';
import { withRoom } from './room';

type Name = keyof Activities;
type ResultOf<N extends Name> = Awaited<ReturnType<Activities[N]>>;

/** Some read so much that they would ask for room each time. */
const RESERVED: { readonly [N in Name]?: number } = { 'DB::page': MAX_VALUE_BYTES };

/**
 * Runs a step of a handler. A failing one is tried twice more, quickly, before the handler sees the failure.
 * @param options.summary shown by the Temporal UI beside the step
 */
export function runStep<N extends Name>(
  name: N,
  options: { readonly summary?: string },
  args: Parameters<Activities[N]>,
): Promise<ResultOf<N>> {
  const activity = steps[name] as unknown as ActivityFunctionWithOptions<
    (...args: unknown[]) => Promise<ResultOf<N>>
  >;
  return withRoom(
    (given) =>
      activity.executeWithOptions(options, given === undefined ? args : [...args, room(given)]),
    RESERVED[name],
  );
}

const steps = proxyLocalActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 3, initialInterval: '200ms', backoffCoefficient: 4 },
});

/** Our own bookkeeping: never the handler's failure, so it is tried until it succeeds, however long servers are away. */
export const bookkeeping = proxyLocalActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});
