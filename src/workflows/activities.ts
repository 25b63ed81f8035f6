import {
  type ActivityFunctionWithOptions,
  type ActivityInterfaceFor,
  proxyActivities,
  type UntypedActivities,
} from '@temporalio/workflow';
import { type Duration, durationMs } from '../shared/duration';
import { InvalidInputError } from '../shared/errors';
import { NON_RETRYABLE } from '../shared/non-retryable';
import { roomNeeded } from '../shared/room';
import { whenFew } from './in-flight';
import { withRoom } from './room';

/** How activities are called. */
export interface ActivitiesOptions {
  /** The longest that one try may take. */
  readonly startToCloseTimeout: Duration;
  /** How often a failing activity is tried again before the handler sees the failure. Default 2. */
  readonly retries?: number;
  /** How long a running activity may go without a heartbeat. Default: it need not send any. */
  readonly heartbeatTimeout?: Duration;
}

/**
 * The app's activities: Node code that handlers call, since they themselves run in a sandbox without network or files.
 * Of those that one handler run calls side by side, a thousand are under way at a time; the others wait their turn.
 * `T` is the type of the module given to the worker process as `activities`.
 * @throws {InvalidInputError} code `usage` without `startToCloseTimeout`, `duration_invalid` for what is no duration
 * @example
 * const { sendMail } = activities<typeof import('./activities')>({ startToCloseTimeout: '30s' });
 * await sendMail(event.to, 'welcome');
 */
export function activities<T = UntypedActivities>(
  options: ActivitiesOptions,
): ActivityInterfaceFor<T> {
  // JavaScript, or a cast, may leave it out.
  if ((options as Partial<ActivitiesOptions> | undefined)?.startToCloseTimeout === undefined)
    throw new InvalidInputError('usage', 'activities() needs the longest that one try may take', {
      remedies: ["activities<typeof import('./activities')>({ startToCloseTimeout: '30s' })"],
    });
  const { startToCloseTimeout, retries = 2, heartbeatTimeout } = options;
  return bounded(
    proxyActivities<UntypedActivities>({
      startToCloseTimeout: durationMs(startToCloseTimeout, 'Option "startToCloseTimeout"'),
      retry: { maximumAttempts: retries + 1, nonRetryableErrorTypes: [NON_RETRYABLE] },
      ...(heartbeatTimeout === undefined
        ? {}
        : { heartbeatTimeout: durationMs(heartbeatTimeout, 'Option "heartbeatTimeout"') }),
    }),
  ) as ActivityInterfaceFor<T>;
}

/** However many a handler calls side by side, and with however much, it is no more at a time than the server takes. */
function bounded(activities: ActivityInterfaceFor<UntypedActivities>): typeof activities {
  return new Proxy(activities, {
    get(_target, name: string) {
      const activity = activities[name] as ActivityFunctionWithOptions<UntypedActivities[string]>;
      if (typeof activity !== 'function') return activity;
      const call = (args: unknown[], start: () => Promise<unknown>): Promise<unknown> =>
        withRoom(() => whenFew(start), roomNeeded(args));
      return Object.assign((...args: unknown[]) => call(args, () => activity(...args)), {
        executeWithOptions: (
          options: Parameters<typeof activity.executeWithOptions>[0],
          args: unknown[],
        ) => call(args, () => activity.executeWithOptions(options, args)),
      });
    },
  });
}
