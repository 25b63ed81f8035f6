import type { CronDescription, ListedEvent } from '../../../client';
import { formatBetween, formatDuration } from '../../shared/duration';
import type { Action } from '../action';
import type { Html, Page, PageDeps, PageRequest } from '../page';
import { Action as ActionForm } from '../parts/form';
import { RunBars } from '../parts/run-bars';
import { Ago, countText, pathTo, Time } from '../parts/text';
import type { Sample } from '../sampler';

const SHOWN_RUNS = 10;
const MEMO = 'crons';
const KEEP_MS = 10_000;
const RUNS_MEMO = 'cron runs';
/** Each cron is a question to Temporal's lists, and the sampler knows the runs of the last hour sooner. */
const KEEP_RUNS_MS = 60_000;
const KEEP_RUNS_EACH_MS = 10_000;

interface Shown {
  readonly crons: readonly CronDescription[];
  readonly sample: Sample;
  readonly request: PageRequest;
}

/** Did they run, and when will they next? */
export const crons: Page = {
  path: '/crons',
  async show(request) {
    const sample = await request.sampler.read();
    const known = await read(request);
    const crons = known.map((cron) => withNewest(cron, sample)).sort(failedFirst);
    const shown: Shown = { crons, sample, request };
    return {
      title: 'Crons',
      nav: '/crons',
      sections: [
        { id: 'ask', content: <AskPause {...shown} /> },
        { id: 'attention', content: <Attention {...shown} /> },
        { id: 'crons', content: <Schedules {...shown} /> },
      ],
    };
  },
};

async function read({ client, memo }: PageDeps): Promise<readonly CronDescription[]> {
  const [crons, withRuns] = await Promise.all([
    memo.read(MEMO, KEEP_MS, () => client.crons.list({ runs: 0 })),
    memo.read(
      RUNS_MEMO,
      (list) => KEEP_RUNS_MS + list.length * KEEP_RUNS_EACH_MS,
      () => client.crons.list(),
    ),
  ]);
  const runs = new Map(withRuns.map((cron) => [cron.name, cron.runs]));
  return crons.map((cron) => ({ ...cron, runs: runs.get(cron.name) ?? [] }));
}

function withNewest(cron: CronDescription, { open, ended }: Sample): CronDescription {
  const runs = new Map(cron.runs.map((run) => [run.id, run]));
  for (const event of [...open, ...[...ended].reverse()])
    if (event.handler === cron.name) runs.set(event.id, event);
  const newestFirst = [...runs.values()].sort(
    (a, b) => b.emittedAt.getTime() - a.emittedAt.getTime(),
  );
  return { ...cron, runs: newestFirst.slice(0, SHOWN_RUNS) };
}

const failedRun = ({ runs }: CronDescription): ListedEvent | undefined => {
  const last = runs.find(({ endedAt }) => endedAt !== undefined);
  return last?.status === 'error' || last?.status === 'missing' ? last : undefined;
};

const failedFirst = (a: CronDescription, b: CronDescription): number =>
  Number(failedRun(b) !== undefined) - Number(failedRun(a) !== undefined) ||
  (a.name < b.name ? -1 : 1);

const AskPause = ({ crons, request }: Shown): Html => {
  const name = request.query('cron');
  const asked = request.query('do') === 'pause' && request.role === 'all';
  if (!asked || name === undefined || !crons.some((cron) => cron.name === name)) return null;
  return (
    <form method="post" action={pathTo('/crons', name, 'pause')} class="panel note">
      <p>
        <label>
          Why is {name} paused? <input name="reason" size={40} autofocus />
        </label>
      </p>
      <div class="acts">
        <button class="go">Pause</button>
        <a class="btn" href="/crons">
          Leave it
        </a>
      </div>
    </form>
  );
};

/** Absent where the last run of each went well. */
const Attention = ({ crons, request }: Shown): Html => {
  const lines = crons.flatMap((cron) => {
    const run = failedRun(cron);
    return run === undefined ? [] : [{ cron, run }];
  });
  if (lines.length === 0) return null;
  return (
    <ul class="panel rows" aria-label="Needs attention">
      {lines.map(({ cron, run }) => (
        <li class="error">
          <i></i>
          <p>
            <a href={pathTo('/events', run.id)}>{`${cron.name} failed`}</a>
            <small>
              its last run, at <Time at={run.emittedAt} now={request.now()} />
            </small>
          </p>
          <a class="btn" href={pathTo('/events', run.id)}>
            Review
          </a>
        </li>
      ))}
    </ul>
  );
};

const EXAMPLE = `export const report = cron('report', 'Daily', async () => {
  log.info('users', { count: await DB.count(Users) });
});`;

const Schedules = (shown: Shown): Html => {
  const { crons, request } = shown;
  if (crons.length === 0)
    return (
      <div class="panel">
        <p class="note">The app has no cron, or no worker process has served it yet. Write one:</p>
        <pre>{EXAMPLE}</pre>
      </div>
    );
  return (
    <>
      <h2>Schedules</h2>
      <div class="panel">
        <table class="cards">
          <thead>
            <tr>
              <th>Cron</th>
              <th>State</th>
              <th>Last {SHOWN_RUNS}</th>
              <th colspan={2}>Last run</th>
              <th>Next runs</th>
              {request.role === 'all' ? <th>Actions</th> : null}
            </tr>
          </thead>
          <tbody>
            {crons.map((cron) => (
              <Row cron={cron} shown={shown} />
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <small>{`Times are in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`}</small>
      </p>
    </>
  );
};

interface RowProps {
  readonly cron: CronDescription;
  readonly shown: Shown;
}

const Row = ({ cron, shown }: RowProps): Html => {
  const { name, runs, skipped } = cron;
  const now = shown.request.now();
  const [run] = runs;
  return (
    <tr>
      <th>
        <a href={pathTo('/handlers', name)}>{name}</a>
        <br />
        <small>{cron.gone === true ? 'the app has it no longer' : cron.when}</small>
      </th>
      <td>
        <CronState cron={cron} now={now} />
      </td>
      <td>
        <RunBars runs={runs} most={SHOWN_RUNS} />
        {skipped === 0 ? null : <small>{countText(skipped, 'time')} skipped</small>}
      </td>
      <LastRun run={run} now={now} />
      <td data-l="next">
        <NextRuns cron={cron} now={now} />
      </td>
      {shown.request.role === 'all' ? (
        <td>
          <Buttons cron={cron} shown={shown} />
        </td>
      ) : null}
    </tr>
  );
};

const CronState = ({ cron, now }: { cron: CronDescription; now: number }): Html => {
  if (cron.state === 'run')
    return (
      <span class="run">
        <i></i>run
      </span>
    );
  const { at, by, reason } = cron.paused ?? {};
  return (
    <>
      <span class="held">
        <i></i>paused
      </span>
      {at === undefined && by === undefined && reason === undefined ? null : (
        <>
          <br />
          <small>
            {at === undefined ? null : (
              <>
                for <Ago at={at} now={now} />
              </>
            )}
            {by === undefined ? '' : ` by ${by}`}
            {reason === undefined ? '' : `: “${reason}”`}
          </small>
        </>
      )}
    </>
  );
};

const LastRun = ({ run, now }: { run: ListedEvent | undefined; now: number }): Html => {
  if (run === undefined)
    return (
      <td colspan={2} class="z">
        no run yet
      </td>
    );
  const { id, status, emittedAt, endedAt } = run;
  return (
    <>
      <td class={status}>
        <i></i>
        {status === 'done' && endedAt !== undefined ? formatBetween(emittedAt, endedAt) : status}
      </td>
      <td data-l="last">
        <a href={pathTo('/events', id)}>
          <Time at={emittedAt} now={now} />
        </a>
      </td>
    </>
  );
};

const NextRuns = ({ cron, now }: { cron: CronDescription; now: number }): Html => {
  if (cron.gone === true) return <span class="z">none</span>;
  if (cron.state === 'pause') return <span class="z">when resumed</span>;
  const [first, ...others] = cron.next.filter((at) => at.getTime() > now);
  if (first === undefined) return <span class="z">none</span>;
  return (
    <>
      <Time at={first} now={now} />
      {`, ${untilText(first.getTime() - now)}`}
      <br />
      <small>
        {others.length === 0 ? '' : 'then '}
        {others.map((at, i) => (
          <>
            {i === 0 ? '' : ', '}
            <Time at={at} now={now} />
          </>
        ))}
      </small>
    </>
  );
};

/** By the minute, so that a page changes no more often. */
const untilText = (ms: number): string =>
  ms < 60_000 ? 'within a minute' : `in ${formatDuration(Math.floor(ms / 60_000) * 60_000)}`;

const Buttons = ({ cron, shown }: RowProps): Html => {
  const { name, state, gone } = cron;
  const path = (what: string): string => pathTo('/crons', name, what);
  const queue = shown.sample.handlers.find((handler) => handler.name === name)?.state ?? 'run';
  return (
    <div class="acts">
      {gone === true ? null : (
        <ActionForm to={path('run')} name={`Run ${name}`}>
          <button>Run now</button>
        </ActionForm>
      )}
      {state === 'run' ? (
        <a class="btn" href={`/crons?do=pause&cron=${encodeURIComponent(name)}`}>
          Pause…
        </a>
      ) : queue === 'run' ? (
        <ActionForm to={path('resume')} name={`Resume ${name}`}>
          <button>Resume</button>
        </ActionForm>
      ) : (
        <a class="btn" href={pathTo('/handlers', name)}>
          Resume its queue…
        </a>
      )}
    </div>
  );
};

/** An action on one cron; what was remembered of them is forgotten then. */
function action(
  what: 'run' | 'pause' | 'resume',
  run: (request: Parameters<Action['run']>[0], name: string) => Promise<unknown>,
): Action {
  return {
    path: `/crons/:name/${what}`,
    async run(request) {
      await run(request, request.param('name'));
      request.memo.drop(MEMO);
      return '/crons';
    },
  };
}

export const cronActions: readonly Action[] = [
  action('run', ({ client }, name) => client.crons.runNow(name)),
  action('resume', ({ client }, name) => client.crons.resume(name)),
  action('pause', (request, name) => {
    const reason = request.field('reason');
    return request.client.crons.pause(name, {
      by: 'dashboard',
      ...(reason === undefined ? {} : { reason }),
    });
  }),
];
