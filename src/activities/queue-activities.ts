import { atEdge, operationId } from './at-edge';
import type { ActivityDeps } from './deps';

/** What the gate says of an event. */
export interface Admission {
  readonly answer: 'run';
  /** Stands in for the handler's own `retry.delay`. */
  readonly retryDelayMs?: number;
  /** The names of the flags that are on; absent if none is. */
  readonly flags?: readonly string[];
}

export interface QueueActivities {
  'Queue::admit'(handler: string, eventId: string): Promise<Admission>;
  'Queue::missing'(handler: string, eventId: string, event: unknown): Promise<void>;
}

export function createQueueActivities({
  missing,
  flags,
  retryDelayMs,
}: ActivityDeps): QueueActivities {
  const admission: Admission = {
    answer: 'run',
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  };
  return atEdge<QueueActivities>({
    // No rules exist yet, so every event may run; the gate's place in the event's way is what counts.
    'Queue::admit': async () => {
      const on = await flags.on();
      return on.length === 0 ? admission : { ...admission, flags: on };
    },
    'Queue::missing': (handler, id, event) => missing.record(handler, { id, event }, operationId()),
  });
}
