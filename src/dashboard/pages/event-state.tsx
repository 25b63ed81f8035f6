import type { AttemptTrace } from '../../../client';
import { formatBetween } from '../../shared/duration';
import type { Html } from '../page';
import { Action } from '../parts/form';
import { Ago, countText, pathTo, Time } from '../parts/text';
import type { ShownEvent } from './event';

interface Props extends ShownEvent {
  readonly attempt: AttemptTrace | undefined;
}

/** In one sentence what became of it, and what can be done. */
export const EventState = (props: Props): Html => {
  const saved = props.request.query('saved');
  return (
    <div class="note">
      <p>
        <Sentence {...props} />
      </p>
      {props.request.role === 'all' ? <Actions {...props} /> : null}
      {saved === undefined ? null : (
        <p role="status">
          Saved as <code>{saved}</code>: <code>replayTraces</code> makes it a test.
        </p>
      )}
    </div>
  );
};

const Sentence = ({ description, trace, attempt, request }: Props): Html => {
  const { status, attempts, endedAt, emittedAt, stuck } = description;
  const now = request.now();
  const ended = endedAt === undefined ? null : <Time at={endedAt} now={now} />;
  const word = (shape: string, text: string): Html => (
    <b class={shape}>
      <i></i>
      {text}
    </b>
  );
  switch (status) {
    case 'done':
      return (
        <>
          {word('done', 'Done')}
          {ranFor(trace?.attempts.at(-1) ?? attempt)}
          {attempts === 1 ? ', ' : ` at attempt ${attempts}, `}
          {ended}.
        </>
      );
    case 'error':
      return trace?.attempts.at(-1)?.error?.type === 'cancelled' ? (
        <>
          {word('error', 'Cancelled')} {ended}.
        </>
      ) : (
        <>
          {word('error', 'Failed')} after {countText(attempts, 'attempt')}, {ended}.
        </>
      );
    case 'missing':
      return (
        <>
          {word('missing', 'Missing')}: no handler had the name {description.handler}, {ended}. See
          the <a href="/missing">404 list</a>.
        </>
      );
    case 'new':
      return <Waiting {...{ description, now }} />;
    case 'scheduled':
      return (
        <>
          {word('scheduled', 'Scheduled')}: it is ready, and no worker process has it yet, for{' '}
          <Ago at={emittedAt} now={now} />.
        </>
      );
    case 'locked':
      if (stuck !== undefined)
        return (
          <>
            {word('error', 'Stuck')}: its code differs from what the event has done so far, or does
            not come to an end ({stuck.reason}). Tried {countText(stuck.tries, 'time')}; mend the
            code, and it goes on.
          </>
        );
      return (
        <>
          {word('locked', 'Running')} for <Ago at={attempt?.startedAt ?? emittedAt} now={now} />,
          attempt {attempts}.
        </>
      );
  }
};

const ranFor = (attempt: AttemptTrace | undefined): string =>
  attempt?.startedAt === undefined || attempt.endedAt === undefined
    ? ''
    : ` in ${formatBetween(attempt.startedAt, attempt.endedAt)}`;

const Waiting = ({
  description: { heldSince, heldBy, nextTry, startsAt, attempts, handler },
  now,
}: {
  description: ShownEvent['description'];
  now: number;
}): Html => {
  const [rule] = heldBy ?? [];
  if (heldSince !== undefined)
    return (
      <>
        <b class="held">
          <i></i>Held
        </b>{' '}
        for <Ago at={heldSince} now={now} />
        {rule === undefined
          ? ''
          : `: ${rule.on === '*' ? 'all queues are' : `${rule.on} is`} ${rule.kind === 'block' ? 'blocked' : 'paused'}`}
        {rule?.by === undefined ? '' : ` by ${rule.by}`}
        {rule?.reason === undefined ? '' : `, “${rule.reason}”`}. It runs when{' '}
        <a href={pathTo('/handlers', handler)}>the queue</a> is resumed.
      </>
    );
  if (nextTry !== undefined)
    return (
      <>
        <b class="new">
          <i></i>Waits
        </b>{' '}
        for attempt {attempts}, at <Time at={nextTry} now={now} />.
      </>
    );
  return (
    <>
      <b class="new">
        <i></i>Waits
      </b>
      {startsAt.getTime() > now ? (
        <>
          {' '}
          until <Time at={startsAt} now={now} />.
        </>
      ) : (
        ' to begin.'
      )}
    </>
  );
};

const Actions = ({ description, trace, request }: Props): Html => {
  const { id, status, endedAt, handler } = description;
  const to = (what: string): string => `${pathTo('/events', id)}/${what}`;
  if (endedAt === undefined && request.query('do') === 'cancel')
    return (
      <Action to={to('cancel')} name="cancel">
        <button class="go">Cancel the event</button>
        <a class="btn" href={pathTo('/events', id)}>
          Leave it
        </a>
      </Action>
    );
  const redrivable = status === 'error' || status === 'missing';
  return (
    <div class="acts">
      {redrivable ? (
        <Action to={to('redrive')} name="redrive">
          <input type="hidden" name="handler" value={handler} />
          <input type="hidden" name="status" value={status} />
          <button class="go">Redrive</button>
        </Action>
      ) : null}
      {trace === undefined ? null : (
        <Action to={to('again')} name="run again">
          <button>Run again</button>
        </Action>
      )}
      {request.project === undefined || endedAt === undefined ? null : (
        <>
          <a class="btn" href={to('dry-run')}>
            Dry run
          </a>
          <Action to={to('save')} name="save as test">
            <button>Save as test</button>
          </Action>
        </>
      )}
      {endedAt === undefined ? (
        <a class="btn" href="?do=cancel">
          Cancel…
        </a>
      ) : null}
    </div>
  );
};
