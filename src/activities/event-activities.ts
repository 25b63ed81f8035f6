import { atEdge } from './at-edge';
import type { ActivityDeps } from './deps';

export interface StepEmitOptions {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startAt?: number;
}

export interface EventActivities {
  'Event::emit'(event: unknown, handler: string, options: StepEmitOptions): Promise<void>;
}

export function createEventActivities({ emitter }: ActivityDeps): EventActivities {
  return atEdge<EventActivities>({
    'Event::emit': async (event, handler, options) => {
      await emitter.emit(event, handler, options);
    },
  });
}
