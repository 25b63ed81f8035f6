import type { Waited } from '../queues/gate';
import { askingEvent, atEdge, runId } from './at-edge';
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
  /** @param emittedAt milliseconds since 1970 */
  'Queue::admit'(emittedAt: number, waited?: Waited): Promise<Admission>;
  /** The event ends without having been let through. */
  'Queue::leave'(): Promise<void>;
  'Queue::missing'(event: unknown): Promise<void>;
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
    'Queue::admit': async (emittedAt, waited) => {
      const { token, flags } = await gate({
        ...askingEvent(),
        ...{ runId: runId(), emittedAt: new Date(emittedAt) },
        ...(waited === undefined ? {} : { waited }),
      });
      if (token !== undefined) return { answer: 'hold', token };
      return flags.length === 0 ? admission : { ...admission, flags };
    },
    'Queue::leave': () => held.remove(askingEvent().id),
    'Queue::missing': async (event) => {
      const { id, handler } = askingEvent();
      await missing.record(handler, { id, event }, runId()); // once in a run
    },
  });
}
