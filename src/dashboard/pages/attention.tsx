import type { Html } from '../page';
import { Ago, countText, numberText, pathTo } from '../parts/text';
import type { HandlerNumbers, Sample } from '../sampler';

interface Shown {
  readonly sample: Sample;
  readonly now: number;
}

/** Absent where nothing is wrong. */
export const Attention = ({ sample, now }: Shown): Html => {
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
