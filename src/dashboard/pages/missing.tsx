import type { MissingName } from '../../../client';
import type { Action } from '../action';
import { operationKey } from '../operations';
import type { Html, Page, PageRequest } from '../page';
import { Action as ActionForm } from '../parts/form';
import { commandOf } from '../parts/shell';
import { Ago, countText, cutText, numberText, pathTo, textOf } from '../parts/text';

const SHOWN = 50;
const FRESH_MS = 500;
const STUB_MS = 10_000;
const LONG_VALUE = 20_000;
const LIST = 'missing';

/** Which names has nobody? */
export const missing: Page = {
  path: '/missing',
  async show(request) {
    const { client, memo, sampler } = request;
    const [sample, names] = await Promise.all([
      sampler.read(),
      memo.read(LIST, FRESH_MS, () => client.missing.list()),
    ]);
    const served = new Set(
      sample.handlers.filter(({ kind }) => kind !== 'missing').map(({ name }) => name),
    );
    const unhandled = names.filter(({ name }) => !served.has(name));
    const stubs = await Promise.all(unhandled.slice(0, SHOWN).map((one) => stubOf(one, request)));
    return {
      title: '404 list',
      nav: '/missing',
      sections: [
        { id: 'names', content: <Names {...{ names: unhandled, stubs, request }} /> },
        {
          id: 'handled',
          content: (
            <Handled names={names.filter(({ name }) => served.has(name))} request={request} />
          ),
        },
      ],
    };
  },
};

/** Undefined where the name was forgotten a moment ago. */
const stubOf = (
  { name, lastSeen }: MissingName,
  { client, memo }: PageRequest,
): Promise<string | undefined> =>
  memo
    .read(`stub ${lastSeen.getTime()} ${name}`, STUB_MS, () => client.missing.stub(name))
    .catch(() => undefined);

interface Props {
  readonly names: readonly MissingName[];
  readonly request: PageRequest;
}

const Names = ({
  names,
  stubs,
  request,
}: Props & { stubs: readonly (string | undefined)[] }): Html => {
  if (names.length === 0)
    return (
      <p class="panel note">
        Every event has a handler. A name that events are emitted to, and that no handler has,
        appears here with its events.
      </p>
    );
  return (
    <>
      <p>Events that no handler takes. They are kept: write the handler, save, redrive.</p>
      {names.slice(0, SHOWN).map((one, i) => (
        <Name {...{ one, request }} stub={stubs[i]} />
      ))}
      {names.length > SHOWN ? (
        <p>{`And ${countText(names.length - SHOWN, 'more name')}: nightshift missing`}</p>
      ) : null}
    </>
  );
};

const Name = ({
  one: { name, count, firstSeen, lastSeen, events },
  stub,
  request,
}: {
  one: MissingName;
  stub: string | undefined;
  request: PageRequest;
}): Html => {
  const now = request.now();
  return (
    <>
      <h2>{name}</h2>
      <div class="panel">
        <div class="note">
          <p>
            <b class="missing">
              <i></i>
              {countText(count, 'event')}
            </b>
            , first <Ago at={firstSeen} now={now} /> ago, last <Ago at={lastSeen} now={now} /> ago
          </p>
          {request.role === 'all' ? <Actions {...{ name, count, request }} /> : null}
        </div>
        {stub === undefined ? null : <pre>{stub.trimEnd()}</pre>}
      </div>
      <div class="panel">
        {[...events].reverse().map(({ id, event }) => (
          <details class="step missing">
            <summary>
              <i></i>
              <span class="id">{id}</span>
            </summary>
            <pre>
              {cutText(textOf(event), LONG_VALUE)}
              {'\n→ '}
              <a href={pathTo('/events', id)}>{id}</a>
            </pre>
          </details>
        ))}
      </div>
      <p>
        <small>
          The stub is made of these, the newest. As a command:{' '}
          <code>{commandOf('missing', name, '--stub')}</code>
        </small>
      </p>
    </>
  );
};

const Actions = ({
  name,
  count,
  request,
}: {
  name: string;
  count: number;
  request: PageRequest;
}): Html => {
  if (request.query('do') === 'forget' && request.query('name') === name)
    return (
      <ActionForm to={`${pathTo('/missing', name)}/forget`} name={`forget ${name}`}>
        <span>It leaves the list until its next event; the events stay as they are.</span>
        <button class="go">{`Forget ${name}`}</button>
        <a class="btn" href="/missing">
          Leave it
        </a>
      </ActionForm>
    );
  return (
    <div class="acts">
      <small>no handler serves it yet</small>
      <button disabled>{`Redrive ${numberText(count)}`}</button>
      <a
        class="btn"
        href={`/missing?do=forget&name=${encodeURIComponent(name)}`}
        aria-label={`Forget ${name}…`}
      >
        Forget…
      </a>
    </div>
  );
};

/** Names that have a handler meanwhile. */
const Handled = ({ names, request }: Props): Html =>
  names.length === 0 ? null : (
    <>
      <h2>Now handled</h2>
      <ul class="panel rows">
        {names.map(({ name, count, lastSeen }) => (
          <li class="run">
            <i></i>
            <p>
              <a href={pathTo('/handlers', name)}>{name}</a>
              <small>
                has a handler; {countText(count, 'event')} from before{' '}
                {count === 1 ? 'waits' : 'wait'} for a redrive, the last came{' '}
                <Ago at={lastSeen} now={request.now()} /> ago ·{' '}
                <code>{commandOf('redrive', name, '--missing')}</code>
              </small>
            </p>
            {request.role === 'all' ? (
              <ActionForm to={`${pathTo('/missing', name)}/redrive`} name={`redrive ${name}`}>
                <button class="go">{`Redrive ${numberText(count)}`}</button>
              </ActionForm>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );

export const missingActions: readonly Action[] = [
  {
    path: '/missing/:name/forget',
    async run({ client, memo, ...request }) {
      await client.missing.forget(request.param('name'));
      memo.drop(LIST);
      return '/missing';
    },
  },
  {
    path: '/missing/:name/redrive',
    async run({ client, memo, ...request }) {
      const name = request.param('name');
      await client.missing.redrive(name);
      for (const key of [LIST, operationKey('redrive-missing', name)]) memo.drop(key);
      return pathTo('/operations', 'redrive-missing', name);
    },
  },
];
