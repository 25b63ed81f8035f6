import type { ListedEvent } from '../../../client';
import { formatDuration } from '../../shared/duration';
import type { Html, Page } from '../page';
import { Bars } from '../parts/bars';
import { Ago, Count, countText, numberText, pathTo, State, Status } from '../parts/text';
import type { HandlerNumbers, Sample } from '../sampler';

const LATEST = 8;

/** Is anything wrong, and what waits? */
export const overview: Page = {
  path: '/',
  async show({ sampler, now }) {
    const sample = await sampler.read();
    return {
      title: 'Overview',
      nav: '/',
      sections: [
        { id: 'attention', content: <Attention sample={sample} now={now()} /> },
        { id: 'flow', content: <Flow sample={sample} now={now()} /> },
        { id: 'handlers', content: <Handlers sample={sample} now={now()} /> },
        { id: 'latest', content: <Latest sample={sample} now={now()} /> },
      ],
    };
  },
};

interface Shown {
  readonly sample: Sample;
  readonly now: number;
}

/** Absent where nothing is wrong. */
const Attention = ({ sample, now }: Shown): Html => {
  const { handlers, missing, health, failure } = sample;
  const lines: Html[] = [];
  if (failure !== undefined)
    lines.push(
      <li class="error">
        <i></i>
        <p>
          <b>A server does not answer</b>
          <small>
            {failure} · all below is as of <Ago at={sample.at} now={now} /> ago
          </small>
        </p>
      </li>,
    );
  if (health?.processes.length === 0)
    lines.push(
      <li class="error">
        <i></i>
        <p>
          <b>No worker process serves the app</b>
          <small>
            events are kept and wait · start one: <code>nightshift worker app.ts</code>
          </small>
        </p>
      </li>,
    );
  for (const { name, failed, last } of handlers.filter((one) => one.failed > 0))
    lines.push(
      <li class="error">
        <i></i>
        <p>
          <a
            href={pathTo('/handlers', name)}
          >{`${countText(failed, 'event')} of ${name} failed`}</a>
          <small>
            in the last hour
            {last?.endedAt === undefined ? (
              ''
            ) : (
              <>
                {' '}
                · the last one ended <Ago at={last.endedAt} now={now} /> ago
              </>
            )}
          </small>
        </p>
        <a class="btn" href={pathTo('/handlers', name)}>
          Review
        </a>
      </li>,
    );
  for (const handler of handlers.filter(({ state }) => state !== 'run'))
    lines.push(<Standing handler={handler} now={now} />);
  if (missing.length > 0)
    lines.push(
      <li class="missing">
        <i></i>
        <p>
          <a href="/missing">{`${countText(missing.length, 'name')} without a handler`}</a>
          <small>
            {missing
              .slice(0, 5)
              .map(({ name, count }) => `${name} ${numberText(count)}`)
              .join(', ')}
          </small>
        </p>
        <a class="btn" href="/missing">
          Review
        </a>
      </li>,
    );
  if (lines.length === 0) return null;
  return (
    <ul class="panel rows" aria-label="Needs attention">
      {lines}
    </ul>
  );
};

const Standing = ({ handler, now }: { handler: HandlerNumbers; now: number }): Html => {
  const { name, state, rules, held, heldSince } = handler;
  const [rule] = rules;
  const who = [rule?.by, rule?.reason].filter((text) => text !== undefined).join(': ');
  return (
    <li class={state === 'block' ? 'block' : 'held'}>
      <i></i>
      <p>
        <a
          href={pathTo('/handlers', name)}
        >{`${name} is ${state === 'block' ? 'blocked' : 'paused'}`}</a>
        <small>
          {numberText(held)} held
          {heldSince === undefined ? (
            ''
          ) : (
            <>
              , the oldest for <Ago at={heldSince} now={now} />
            </>
          )}
          {who === '' ? '' : ` · ${who}`}
        </small>
      </p>
      <a class="btn" href={pathTo('/handlers', name)}>
        Resume…
      </a>
    </li>
  );
};

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
                    : formatDuration(event.endedAt.getTime() - event.emittedAt.getTime())}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};
