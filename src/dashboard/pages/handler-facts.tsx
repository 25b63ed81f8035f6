import type { ServedHandler } from '../../../client';
import { textOfType } from '../../definitions/types';
import { formatDuration } from '../../shared/duration';
import type { Html } from '../page';
import { commandOf } from '../parts/shell';
import { countText, Time } from '../parts/text';
import type { ShownHandler } from './handler-reading';

/** What it is, and the commands that do what the buttons do. */
export const HandlerFacts = ({
  numbers: { name, kind },
  served,
  cron,
  request,
}: ShownHandler): Html => {
  const now = request.now();
  return (
    <div class="two">
      <div>
        <h2>Definition</h2>
        <dl class="panel facts">
          <dt>Kind</dt>
          <dd>{kind === 'missing' ? 'no handler of this name is served' : kind}</dd>
          {served === undefined ? null : <Settings {...served} />}
          {cron === undefined ? null : (
            <>
              <dt>When</dt>
              <dd>{cron.when}</dd>
              <dt>Next</dt>
              <dd>
                {cron.state === 'pause'
                  ? 'not while it is paused'
                  : cron.next.map((at) => (
                      <div>
                        <Time at={at} now={now} />
                      </div>
                    ))}
              </dd>
              <dt>Left out</dt>
              <dd>
                {cron.skipped === 0 ? <span class="z">0</span> : countText(cron.skipped, 'run')}
              </dd>
            </>
          )}
        </dl>
      </div>
      <div>
        <h2>Commands</h2>
        <dl class="panel facts">
          {commandsOf(name, kind).map(([label, command]) => (
            <>
              <dt>{label}</dt>
              <dd>
                <code>{command}</code>
              </dd>
            </>
          ))}
        </dl>
      </div>
    </div>
  );
};

const Settings = ({
  description,
  event,
  retries,
  retryDelayMs,
  timeoutMs,
}: ServedHandler): Html => (
  <>
    {description === undefined ? null : (
      <>
        <dt>Is for</dt>
        <dd>{description}</dd>
      </>
    )}
    {event === undefined ? null : (
      <>
        <dt>Event</dt>
        <dd class="id">{textOfType(event)}</dd>
      </>
    )}
    <dt>Retry</dt>
    <dd>
      {retries === 0
        ? 'none'
        : `${countText(retries, 'time')}, after ${formatDuration(retryDelayMs)}`}
    </dd>
    {timeoutMs === undefined ? null : (
      <>
        <dt>Timeout</dt>
        <dd>{formatDuration(timeoutMs)} an attempt</dd>
      </>
    )}
  </>
);

function commandsOf(
  name: string,
  kind: ShownHandler['numbers']['kind'],
): readonly (readonly [string, string])[] {
  return [
    ['Pause', commandOf('pause', name, '--reason', 'why')],
    ['Resume', commandOf('resume', name, '--rate', '20')],
    ['Canary', commandOf('resume', name, '--canary', '1')],
    ['Block', commandOf('block', name)],
    ['Unblock', commandOf('unblock', name)],
    ['Redrive', commandOf('redrive', name)],
    ['Failures', commandOf('failures', '--handler', name)],
    ['Traces', commandOf('trace', 'list', name)],
    kind === 'cron'
      ? ['Run now', commandOf('cron', 'run', name)]
      : ['Emit', commandOf('emit', name, '{}')],
    ['Log', commandOf('queue', 'log', name)],
  ];
}
