import { atEdge, askingEvent } from './at-edge';
import type { EmitRequest } from '../events/emit-event';
import { emitEach, type EmitManyRequest } from '../events/emit-many';
import type { ActivityDeps } from './deps';

export interface EventActivities {
  'Event::emit'(event: unknown, handler: string, request: EmitRequest): Promise<void>;
  'Event::emitMany'(
    events: readonly unknown[],
    handler: string,
    request: EmitManyRequest,
  ): Promise<void>;
}

export function createEventActivities({ emitter }: ActivityDeps): EventActivities {
  return atEdge<EventActivities>({
    'Event::emit': async (event, handler, request) => {
      await emitter.emit(event, handler, { ...request, emittedBy: askingEvent() });
    },
    'Event::emitMany': (events, handler, request) =>
      emitEach(emitter, events, handler, { ...request, emittedBy: askingEvent() }),
  });
}
