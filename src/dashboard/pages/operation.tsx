import { formatDuration } from '../../shared/duration';
import type { Action } from '../action';
import {
  operationKey,
  operationOf,
  type RunningOperation,
  type ShownOperation,
} from '../operations';
import type { Html, Page, PageRequest } from '../page';
import { Action as ActionForm } from '../parts/form';
import { ProgressBar } from '../parts/progress-bar';
import { Ago, Count, countText, numberText, pathTo, Time } from '../parts/text';

const FRESH_MS = 500;
/** One that has ended may have been begun anew. */
const freshMs = ({ endedAt }: ShownOperation): number => (endedAt === undefined ? FRESH_MS : 0);

/** How far is it? For redrives, resumes and migrations. */
export const operation: Page = {
  path: '/operations/:kind/:name',
  async show(request) {
    const [kind, name] = [request.param('kind'), request.param('name')];
    const running = operationOf(kind, name, request.client);
    const [shown, sample] = await Promise.all([
      request.memo.read(operationKey(kind, name), freshMs, () => running.read()),
      request.sampler.read(),
    ]);
    const isServed = sample.health?.processes.length !== 0;
    return {
      title: shown.title,
      crumbs: <a href={shown.home.href}>{shown.home.title}</a>,
      nav: '/',
      still: shown.endedAt !== undefined,
      sections: [
        { id: 'progress', content: <Progress {...{ shown, running, request, isServed }} /> },
        { id: 'failures', content: <Failures shown={shown} /> },
      ],
    };
  },
};

interface Props {
  readonly shown: ShownOperation;
  readonly running: RunningOperation;
  readonly request: PageRequest;
  readonly isServed: boolean;
}

const Progress = ({ shown, running, request, isServed }: Props): Html => {
  const { total, done, doneWord, failed, rate, endedAt } = shown;
  const left = total === undefined ? undefined : Math.max(0, total - done - failed);
  const numbers: readonly [label: string, shape: string, count: number | undefined][] = [
    [doneWord, 'done', done],
    ['left', 'new', left],
    ['failed', 'error', failed],
  ];
  return (
    <>
      <div class="panel">
        <div class="note">
          <p>
            <State {...{ shown, isServed }} now={request.now()} />
          </p>
          {endedAt === undefined && request.role === 'all' ? (
            <Buttons {...{ shown, running, request }} />
          ) : null}
        </div>
        <ProgressBar of={shown} />
      </div>
      <div class="panel">
        <dl class="nums">
          {numbers.map(([label, shape, count]) => (
            <div>
              <dt class={shape}>
                <i></i>
                {label}
              </dt>
              <dd>{count === undefined ? <span class="z">–</span> : <Count of={count} />}</dd>
            </div>
          ))}
          <div>
            <dt>a second</dt>
            <dd>
              <Count of={rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)} />
            </dd>
          </div>
        </dl>
      </div>
    </>
  );
};

/** The shape of each state's word. */
const SHAPES: Readonly<Record<string, string>> = {
  ...{ collecting: 'locked', canary: 'locked', running: 'run', paused: 'held', held: 'held' },
  ...{ done: 'done', failed: 'error', stopped: 'error', cancelled: 'error' },
};

const State = ({
  shown: { state, unit, total, done, failed, rate, startedAt, endedAt, why },
  isServed,
  now,
}: Pick<Props, 'shown' | 'isServed'> & { now: number }): Html => {
  const left = total === undefined ? 0 : total - done - failed;
  return (
    <>
      <b class={SHAPES[state] ?? 'locked'}>
        <i></i>
        {`${state.charAt(0).toUpperCase()}${state.slice(1)}`}
      </b>
      {total === undefined ? '' : `, ${numberText(done)} of ${countText(total, unit)}`}
      {endedAt === undefined ? (
        <>
          , for <Ago at={startedAt} now={now} />
          {rate > 0 && left > 0 && state === 'running'
            ? `, about ${formatDuration((left / rate) * 1000)} left`
            : ''}
        </>
      ) : (
        <>
          , from <Time at={startedAt} now={now} /> to <Time at={endedAt} now={now} />
        </>
      )}
      {why === undefined ? '' : `: ${why}`}.
      {endedAt === undefined && !isServed
        ? ' No worker process serves the app, so it waits for one.'
        : ''}
    </>
  );
};

const Buttons = ({ shown, running, request }: Omit<Props, 'isServed'>): Html => {
  const here = pathTo('/operations', request.param('kind'), request.param('name'));
  if (request.query('do') === 'cancel')
    return (
      <ActionForm to={`${here}/cancel`} name="cancel">
        <span>What is done stays done.</span>
        <button class="go">Cancel it</button>
        <a class="btn" href={here}>
          Leave it
        </a>
      </ActionForm>
    );
  return (
    <div class="acts">
      {running.pause === undefined ? null : shown.state === 'paused' ? (
        <ActionForm to={`${here}/resume`} name="resume">
          <button class="go">Resume</button>
        </ActionForm>
      ) : (
        <ActionForm to={`${here}/pause`} name="pause">
          <button>Pause</button>
        </ActionForm>
      )}
      <a class="btn" href="?do=cancel">
        Cancel…
      </a>
    </div>
  );
};

const Failures = ({ shown: { failures, failed, unit } }: { shown: ShownOperation }): Html =>
  failures.length === 0 ? null : (
    <>
      <h2>Failures</h2>
      <ul class="panel rows">
        {failures.map(({ id, why, isEvent }) => (
          <li class="error">
            <i></i>
            <p>
              {isEvent ? <a href={pathTo('/events', id)}>{id}</a> : <b class="id">{id}</b>}
              <small>{why}</small>
            </p>
          </li>
        ))}
      </ul>
      {failed > failures.length ? (
        <p>{`The first ${numberText(failures.length)} of ${countText(failed, unit)} that failed.`}</p>
      ) : null}
    </>
  );

type Change = 'pause' | 'resume' | 'cancel';

const change = (what: Change): Action => ({
  path: `/operations/:kind/:name/${what}`,
  async run(request) {
    const [kind, name] = [request.param('kind'), request.param('name')];
    await operationOf(kind, name, request.client)[what]?.();
    request.memo.drop(operationKey(kind, name));
    return pathTo('/operations', kind, name);
  },
});

export const operationActions: readonly Action[] = [
  change('pause'),
  change('resume'),
  change('cancel'),
];
