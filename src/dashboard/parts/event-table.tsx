import type { ListedEvent } from '../../../client';
import { formatBetween } from '../../shared/duration';
import type { Html } from '../page';
import { Ago, pathTo, Status } from './text';

interface EventTableProps {
  readonly events: readonly ListedEvent[];
  readonly now: number;
  /** False where all are of one handler. */
  readonly withHandler?: boolean;
}

/** Events, each on one line; its id leads to what it did. */
export const EventTable = ({ events, now, withHandler = true }: EventTableProps): Html => (
  <div class="panel">
    <table class={withHandler ? 'r4' : 'r3'}>
      <thead>
        <tr>
          <th>Status</th>
          <th>Event</th>
          {withHandler ? <th class="lo">Handler</th> : null}
          <th>Ago</th>
          <th class="lo">Took</th>
        </tr>
      </thead>
      <tbody>
        {events.map(({ id, handler, status, emittedAt, endedAt }) => (
          <tr>
            <td>
              <Status of={status} />
            </td>
            <th class="id">
              <a href={pathTo('/events', id)}>{id}</a>
            </th>
            {withHandler ? (
              <td class="lo">
                <a href={pathTo('/handlers', handler)}>{handler}</a>
              </td>
            ) : null}
            <td>
              <Ago at={endedAt ?? emittedAt} now={now} />
            </td>
            <td class="lo">{endedAt === undefined ? '…' : formatBetween(emittedAt, endedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
