import { atEdge, operationId } from './at-edge';
import type { ActivityDeps } from './deps';

/** What the gate says of an event. */
export interface Admission {
  readonly answer: 'run';
  /** Stands in for the handler's own `retry.delay`. */
  readonly retryDelayMs?: number;
}

export interface QueueActivities {
  'Queue::admit'(handler: string, eventId: string): Promise<Admission>;
  'Queue::missing'(handler: string, eventId: string, event: unknown): Promise<void>;
}

export function createQueueActivities({ missing, retryDelayMs }: ActivityDeps): QueueActivities {
  const admission: Admission = {
    answer: 'run',
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  };
  return atEdge<QueueActivities>({
    // No rules exist yet, so every event may run; the gate's place in the event's way is what counts.
    'Queue::admit': () => Promise.resolve(admission),
    'Queue::missing': (handler, id, event) => missing.record(handler, { id, event }, operationId()),
  });
}
