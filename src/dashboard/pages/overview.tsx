import type { DatastoreInfo, ListedEvent } from '../../../client';
import { formatBetween } from '../../shared/duration';
import { knownDatastores } from '../known-datastores';
import type { Html, Page } from '../page';
import { Bars } from '../parts/bars';
import { DatastoreTable } from '../parts/datastore-table';
import { Ago, Count, numberText, pathTo, State, Status } from '../parts/text';
import { within } from '../within';
import type { HandlerNumbers, Sample } from '../sampler';
import { Attention } from './attention';

const LATEST = 8;
const DATASTORES = 10;
/** Counting many takes longer: they come with the next look. */
const DATASTORES_WAIT_MS = 100;

/** Is anything wrong, and what waits? */
export const overview: Page = {
  path: '/',
  async show(request) {
    const { sampler, now } = request;
    const [sample, datastores] = await Promise.all([
      sampler.read(),
      within(knownDatastores(request), DATASTORES_WAIT_MS),
    ]);
    return {
      title: 'Overview',
      nav: '/',
      sections: [
        { id: 'attention', content: <Attention sample={sample} now={now()} /> },
        { id: 'flow', content: <Flow sample={sample} now={now()} /> },
        { id: 'handlers', content: <Handlers sample={sample} now={now()} /> },
        { id: 'datastores', content: <Datastores known={datastores ?? []} /> },
        { id: 'latest', content: <Latest sample={sample} now={now()} /> },
      ],
    };
  },
};

interface Shown {
  readonly sample: Sample;
  readonly now: number;
}

const Flow = ({ sample, now }: Shown): Html => {
  const { handlers, more } = sample;
  const sum = (of: (handler: HandlerNumbers) => number): number =>
    handlers.reduce((total, handler) => total + of(handler), 0);
  const numbers: readonly [label: string, count: number, more: boolean][] = [
    ['waiting now', sum(({ waiting }) => waiting), more.open],
    ['running now', sum(({ running }) => running), more.open],
    ['done, last hour', sum(({ done }) => done), more.ended],
    ['failed, last hour', sum(({ failed }) => failed), more.ended],
    ['missing, kept', sample.missing.reduce((total, { count }) => total + count, 0), false],
  ];
  return (
    <>
      <h2>Flow</h2>
      <div class="panel">
        <dl class="nums">
          {numbers.map(([label, count, atLeast]) => (
            <div>
              <dt>{label}</dt>
              <dd>
                <Count of={count} more={atLeast} />
              </dd>
            </div>
          ))}
        </dl>
        <Bars events={sample.ended} now={now} />
      </div>
    </>
  );
};

const Handlers = ({ sample, now }: Shown): Html => {
  const { handlers, more } = sample;
  if (handlers.length === 0)
    return (
      <>
        <h2>Handlers</h2>
        <p class="panel note">
          No worker process has served the app yet. Start one: <code>nightshift dev app.ts</code>
        </p>
      </>
    );
  const worstFirst = [...handlers].sort((a, b) => b.failed - a.failed || b.held - a.held);
  return (
    <>
      <h2>Handlers</h2>
      <div class="panel">
        <table class="r3">
          <thead>
            <tr>
              <th>Handler</th>
              <th>Queue</th>
              <th>Waiting</th>
              <th class="lo">Running</th>
              <th>Failed</th>
              <th class="lo">Done, 1 h</th>
              <th class="lo">Oldest waits</th>
            </tr>
          </thead>
          <tbody>
            {worstFirst.map((handler) => (
              <tr>
                <th>
                  <a href={pathTo('/handlers', handler.name)}>{handler.name}</a>
                  {handler.kind === 'worker' ? null : <small> {handler.kind}</small>}
                </th>
                <td>
                  <State of={handler.state} />
                </td>
                <td>
                  <Count of={handler.waiting} more={more.open} />
                </td>
                <td class="lo">
                  <Count of={handler.running} />
                </td>
                <td class={handler.failed > 0 ? 'error' : undefined}>
                  {handler.failed > 0 ? <b>{numberText(handler.failed)}</b> : <Count of={0} />}
                </td>
                <td class="lo">
                  <Count of={handler.done} more={more.ended} />
                </td>
                <td class="lo">
                  {handler.oldestWaits === undefined ? (
                    <span class="z">–</span>
                  ) : (
                    <Ago at={handler.oldestWaits} now={now} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};

/** Absent where there are none. */
const Datastores = ({ known }: { known: readonly DatastoreInfo[] }): Html => {
  if (known.length === 0) return null;
  const more = known.length - DATASTORES;
  return (
    <>
      <h2>Datastores</h2>
      <DatastoreTable datastores={known.slice(0, DATASTORES)} withFields={false} />
      {more > 0 ? (
        <p>
          <a href="/data">{`and ${numberText(more)} more`}</a>
        </p>
      ) : null}
    </>
  );
};

const Latest = ({ sample, now }: Shown): Html => {
  const at = ({ endedAt, emittedAt }: ListedEvent): number => (endedAt ?? emittedAt).getTime();
  const events = [...sample.open, ...sample.ended].sort((a, b) => at(b) - at(a)).slice(0, LATEST);
  const [example] = sample.handlers;
  if (events.length === 0)
    return (
      <>
        <h2>Latest events</h2>
        <p class="panel note">
          No event in the last hour. Emit one:{' '}
          <code>{`npx nightshift emit ${example?.name ?? '<handler>'} '{}'`}</code>
        </p>
      </>
    );
  return (
    <>
      <h2>Latest events</h2>
      <div class="panel">
        <table class="r4">
          <thead>
            <tr>
              <th>Status</th>
              <th>Handler</th>
              <th class="lo">Event</th>
              <th>Ago</th>
              <th class="lo">Took</th>
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <tr>
                <td>
                  <Status of={event.status} />
                </td>
                <th>
                  <a href={pathTo('/events', event.id)}>{event.handler}</a>
                </th>
                <td class="cut id lo">{event.id}</td>
                <td>
                  <Ago at={new Date(at(event))} now={now} />
                </td>
                <td class="lo">
                  {event.endedAt === undefined
                    ? '…'
                    : formatBetween(event.emittedAt, event.endedAt)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};
