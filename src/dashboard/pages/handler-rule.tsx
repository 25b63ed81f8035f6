import { ALL_QUEUES, type RuleKind } from '../../shared/rules';
import type { Html } from '../page';
import { Action, Ask } from '../parts/form';
import { Ago, countText, numberText, pathTo } from '../parts/text';
import type { ShownHandler } from './handler-reading';

type Setting = 'pause' | 'block';

const WORDS = {
  pause: { done: 'Paused', ask: 'Pause…', button: 'Pause', off: 'resume', offButton: 'Resume' },
  block: { done: 'Blocked', ask: 'Block…', button: 'Block', off: 'unblock', offButton: 'Unblock' },
} as const;

/** Why events wait, who wanted it, and how to let them go. */
export const HandlerRule = (shown: ShownHandler): Html => {
  const { numbers, request } = shown;
  const { state } = numbers;
  const mayChange = request.role === 'all';
  const asks = request.query('do');
  if (mayChange && (asks === 'pause' || asks === 'block'))
    return <Question name={numbers.name} kind={asks} />;
  if (state === 'run')
    return (
      <>
        <LeftBehind {...shown} />
        {mayChange ? (
          <div class="acts">
            <Ask what="pause">Pause…</Ask>
            <Ask what="block">Block…</Ask>
          </div>
        ) : null}
      </>
    );
  return (
    <>
      {numbers.rules.map((_, i) => (
        <Banner {...shown} rule={i} />
      ))}
    </>
  );
};

/** A resume that was cancelled leaves events held that no rule holds any more. */
const LeftBehind = ({ numbers, work, request }: ShownHandler): Html =>
  numbers.held === 0 || work.some(({ kind }) => kind === 'resume') ? null : (
    <div class="panel note">
      <p>
        <b class="held">
          <i></i>
          {countText(numbers.held, 'event')}
        </b>{' '}
        still held, though no rule stands: their resume ended before it was done.
      </p>
      {request.role === 'all' ? (
        <Lift {...{ numbers }} kind="pause" on={numbers.name} isMain />
      ) : null}
    </div>
  );

const Question = ({ name, kind }: { name: string; kind: Setting }): Html => {
  const { done, button } = WORDS[kind];
  const here = pathTo('/handlers', name);
  return (
    <form method="post" action={`${here}/${kind}`} class="panel note">
      <p>
        <label>
          Why is {name} {done.toLowerCase()}? <input name="reason" size={40} autofocus />
        </label>
        {kind === 'block' ? (
          <>
            {' '}
            <small>only Unblock takes it off</small>
          </>
        ) : null}
      </p>
      <div class="acts">
        <button class="go">{button}</button>
        <a class="btn" href={here}>
          Leave it
        </a>
      </div>
    </form>
  );
};

const Banner = ({ numbers, request, rule: index }: ShownHandler & { rule: number }): Html => {
  const rule = numbers.rules[index];
  if (rule === undefined) return null;
  const { kind, on, by, at, reason } = rule;
  const now = request.now();
  const isLast = index === numbers.rules.length - 1;
  return (
    <div class="panel note">
      <p>
        <b class={kind === 'block' ? 'block' : 'held'}>
          <i></i>
          {on === ALL_QUEUES
            ? `All queues are ${WORDS[kind].done.toLowerCase()}`
            : WORDS[kind].done}
        </b>
        {by === undefined ? '' : ` by ${by}`} for <Ago at={at} now={now} />
        {reason === undefined ? '' : `: “${reason}”`}.
        {isLast ? <Held {...{ numbers, now }} /> : null}
      </p>
      {request.role === 'all' ? <Lift {...{ numbers, kind, on }} isMain={index === 0} /> : null}
    </div>
  );
};

const Held = ({ numbers, now }: { numbers: ShownHandler['numbers']; now: number }): Html => (
  <>
    {' '}
    New events are held
    {numbers.heldSince === undefined ? (
      ''
    ) : (
      <>
        , the oldest for <Ago at={numbers.heldSince} now={now} />
      </>
    )}
    .
  </>
);

const Lift = ({
  numbers: { name, held, rules },
  kind,
  on,
  isMain,
}: {
  numbers: ShownHandler['numbers'];
  kind: RuleKind;
  on: string;
  /** A page has one main button. */
  isMain: boolean;
}): Html => {
  const { off, offButton } = WORDS[kind];
  const count = on === ALL_QUEUES ? 'all queues' : numberText(held);
  // A canary passes one pause, and nothing else
  const mayTry = kind === 'pause' && on !== ALL_QUEUES && rules.length === 1;
  const mayBlock = kind === 'pause' && rules.length > 0;
  return (
    <Action to={`${pathTo('/handlers', on)}/${off}`} name={off}>
      <label>
        at{' '}
        <select name="rate">
          <option value="">no limit</option>
          <option value="200">200 a second</option>
          <option value="20">20 a second</option>
          <option value="1">1 a second</option>
        </select>
      </label>
      <button class={isMain ? 'go' : undefined}>{`${offButton} ${count}`}</button>
      {mayTry ? (
        <button name="canary" value="1" disabled={held === 0}>
          Resume 1 first
        </button>
      ) : null}
      {mayBlock && !rules.some((one) => one.kind === 'block') ? (
        <a class="btn" href={`${pathTo('/handlers', name)}?do=block`}>
          Block…
        </a>
      ) : null}
    </Action>
  );
};
