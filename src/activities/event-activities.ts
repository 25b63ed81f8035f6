import { atEdge, emittingEvent } from './at-edge';
import type { EmitRequest } from '../events/emit-event';
import type { ActivityDeps } from './deps';

export interface EventActivities {
  'Event::emit'(event: unknown, handler: string, request: EmitRequest): Promise<void>;
}

export function createEventActivities({ emitter }: ActivityDeps): EventActivities {
  return atEdge<EventActivities>({
    'Event::emit': async (event, handler, request) => {
      await emitter.emit(event, handler, { ...request, emittedBy: emittingEvent() });
    },
  });
}
