import { type Action, numberField } from '../action';
import type { Html, Page, PageRequest } from '../page';
import { Action as ActionForm, Ask } from '../parts/form';
import { Ago, Count, numberText, pathTo } from '../parts/text';
import type { HandlerNumbers } from '../sampler';

/** How is this queue, and what failed? */
export const handler: Page = {
  path: '/handlers/:name',
  async show(request) {
    const name = request.param('name');
    const sample = await request.sampler.read();
    const numbers = sample.handlers.find((one) => one.name === name) ?? {
      ...(await request.client.queues.get(name)),
      ...{ waiting: 0, running: 0, done: 0, failed: 0, unhandled: 0 },
    };
    return {
      title: name,
      crumbs: (
        <>
          <a href="/">Handlers</a> / {numbers.kind}
        </>
      ),
      nav: '/',
      sections: [
        { id: 'rule', content: <Rule numbers={numbers} request={request} /> },
        { id: 'counts', content: <Counts numbers={numbers} /> },
      ],
    };
  },
};

const Rule = ({ numbers, request }: { numbers: HandlerNumbers; request: PageRequest }): Html => {
  const { name, state, held, rules, heldSince } = numbers;
  const here = pathTo('/handlers', name);
  const asks = request.query('do');
  const mayChange = request.role === 'all';
  if (asks === 'pause' && mayChange)
    return (
      <form method="post" action={`${here}/pause`} class="panel note">
        <p>
          <label>
            Why is {name} paused? <input name="reason" size={40} autofocus />
          </label>
        </p>
        <div class="acts">
          <button class="go">Pause</button>
          <a class="btn" href={here}>
            Leave it
          </a>
        </div>
      </form>
    );
  if (state === 'run')
    return mayChange ? (
      <div class="acts">
        <Ask what="pause">Pause…</Ask>
      </div>
    ) : null;
  const [rule] = rules;
  return (
    <div class="panel note">
      <p>
        <b class={state === 'block' ? 'block' : 'held'}>
          <i></i>
          {state === 'block' ? 'Blocked' : 'Paused'}
        </b>
        {rule?.by === undefined ? '' : ` by ${rule.by}`} for{' '}
        {rule === undefined ? '' : <Ago at={rule.at} now={request.now()} />}
        {rule?.reason === undefined ? '' : `: “${rule.reason}”`}. New events are held
        {heldSince === undefined ? (
          ''
        ) : (
          <>
            , the oldest for <Ago at={heldSince} now={request.now()} />
          </>
        )}
        .
      </p>
      {mayChange && state === 'pause' ? (
        <ActionForm to={`${here}/resume`} name="resume">
          <label>
            at{' '}
            <select name="rate">
              <option value="">no limit</option>
              <option value="200">200 a second</option>
              <option value="20">20 a second</option>
            </select>
          </label>
          <button class="go">{`Resume ${numberText(held)}`}</button>
          <button name="canary" value="1" disabled={held === 0}>
            Resume 1 first
          </button>
        </ActionForm>
      ) : null}
    </div>
  );
};

const Counts = ({ numbers }: { numbers: HandlerNumbers }): Html => (
  <div class="panel">
    <dl class="nums">
      {(
        [
          ['held', 'held', numbers.held],
          ['new', 'waiting', numbers.waiting],
          ['locked', 'running', numbers.running],
          ['done', 'done, 1 h', numbers.done],
          ['error', 'failed, 1 h', numbers.failed],
        ] as const
      ).map(([shape, label, count]) => (
        <div>
          <dt class={shape}>
            <i></i>
            {label}
          </dt>
          <dd>
            <Count of={count} />
          </dd>
        </div>
      ))}
    </dl>
  </div>
);

export const handlerActions: readonly Action[] = [
  {
    path: '/handlers/:name/pause',
    async run(request) {
      const name = request.param('name');
      const reason = request.field('reason');
      await request.client.queues.pause(name, {
        by: 'dashboard',
        ...(reason === undefined ? {} : { reason }),
      });
      return pathTo('/handlers', name);
    },
  },
  {
    path: '/handlers/:name/resume',
    async run(request) {
      const name = request.param('name');
      const rate = numberField(request, 'rate');
      const canary = numberField(request, 'canary');
      await request.client.queues.resume(name, {
        by: 'dashboard',
        ...(rate === undefined ? {} : { rate }),
        ...(canary === undefined ? {} : { canary }),
      });
      return pathTo('/handlers', name);
    },
  },
];
