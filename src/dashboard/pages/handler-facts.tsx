import type { Html } from '../page';
import { commandOf } from '../parts/shell';
import { countText, Time } from '../parts/text';
import type { ShownHandler } from './handler-reading';

/** What it is, and the commands that do what the buttons do. */
export const HandlerFacts = ({ numbers: { name, kind }, cron, request }: ShownHandler): Html => {
  const now = request.now();
  return (
    <div class="two">
      <div>
        <h2>Definition</h2>
        <dl class="panel facts">
          <dt>Kind</dt>
          <dd>{kind === 'missing' ? 'no handler of this name is served' : kind}</dd>
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
