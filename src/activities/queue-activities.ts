import type { Waited } from '../queues/gate';
import { atEdge, runId } from './at-edge';
import type { ActivityDeps } from './deps';

/** What the gate says of an event. */
export type Admission =
  | {
      readonly answer: 'run';
      /** Stands in for the handler's own `retry.delay`. */
      readonly retryDelayMs?: number;
      /** The names of the flags that are on; absent if none is. */
      readonly flags?: readonly string[];
    }
  | {
      readonly answer: 'hold';
      /** Names this wait: to be given back when the event asks again. */
      readonly token: string;
    };

export interface QueueActivities {
  'Queue::admit'(
    handler: string,
    eventId: string,
    emittedAt: Date,
    waited?: Waited,
  ): Promise<Admission>;
  /** The event ends without having been let through. */
  'Queue::leave'(eventId: string): Promise<void>;
  'Queue::missing'(handler: string, eventId: string, event: unknown): Promise<void>;
}

export function createQueueActivities({
  missing,
  gate,
  held,
  retryDelayMs,
}: ActivityDeps): QueueActivities {
  const admission: Admission = {
    answer: 'run',
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  };
  return atEdge<QueueActivities>({
    'Queue::admit': async (handler, id, emittedAt, waited) => {
      const { token, flags } = await gate({
        ...{ handler, id, runId: runId(), emittedAt },
        ...(waited === undefined ? {} : { waited }),
      });
      if (token !== undefined) return { answer: 'hold', token };
      return flags.length === 0 ? admission : { ...admission, flags };
    },
    'Queue::leave': (id) => held.remove(id),
    'Queue::missing': (handler, id, event) => missing.record(handler, { id, event }, runId()), // once in a run
  });
}
