import type { Html } from '../page';
import { EventTable } from '../parts/event-table';
import type { ShownHandler } from './handler-reading';

/** The events that ended last. */
export const HandlerTraces = ({ traces, request, numbers }: ShownHandler): Html => (
  <>
    <h2>Last traces</h2>
    {traces.length === 0 ? (
      <p class="panel note">
        {numbers.kind === 'cron'
          ? 'No run has ended yet.'
          : 'No event has ended yet. Emit one below.'}
      </p>
    ) : (
      <EventTable events={traces} now={request.now()} withHandler={false} />
    )}
  </>
);
