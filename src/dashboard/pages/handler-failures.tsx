import type { Html } from '../page';
import { Action } from '../parts/form';
import { commandOf } from '../parts/shell';
import { Ago, countText, cutText, numberText, pathTo } from '../parts/text';
import { FAILURES, type SeenFailures, type ShownHandler } from './handler-reading';

const LONG_MESSAGE = 500;
const SHOWN = 20;

/** What failed, those that failed alike together. */
export const HandlerFailures = ({ numbers: { name }, failures, request }: ShownHandler): Html => {
  if (failures === undefined)
    return (
      <>
        <h2>Failures</h2>
        <p class="panel note">They are being read.</p>
      </>
    );
  const { groups, at } = failures;
  if (groups.length === 0) return null;
  const seen = groups.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <h2>Failures</h2>
      <ul class="panel rows">
        {groups.slice(0, SHOWN).map((group) => (
          <Group {...{ name, group, at, request }} />
        ))}
      </ul>
      <p>
        <small>
          {groups.length > SHOWN ? `And ${countText(groups.length - SHOWN, 'more kind')}. ` : ''}
          {seen >= FAILURES ? `Of the newest ${numberText(FAILURES)} that failed. ` : ''}
          Read every 10 s. All of them at once: <code>{commandOf('redrive', name)}</code>
        </small>
      </p>
    </>
  );
};

interface GroupProps extends Pick<ShownHandler, 'request'> {
  readonly name: string;
  readonly group: SeenFailures['groups'][number];
  readonly at: Date;
}

const Group = ({
  name,
  group: { message, line, count, newest, ids },
  at,
  request,
}: GroupProps): Html => {
  const [last] = ids;
  return (
    <li class="error">
      <i></i>
      <p>
        <b class="id">{cutText(message, LONG_MESSAGE)}</b>
        <small>
          {countText(count, 'event')}, the last <Ago at={newest} now={request.now()} /> ago
          {line === undefined ? '' : ` · ${line}`}
        </small>
      </p>
      <div class="acts">
        {request.role === 'all' ? (
          <Action to={`${pathTo('/handlers', name)}/redrive`} name={`redrive ${count}`}>
            <input type="hidden" name="message" value={message} />
            <input type="hidden" name="line" value={line ?? ''} />
            <input type="hidden" name="until" value={at.toISOString()} />
            <button>{`Redrive ${numberText(count)}`}</button>
          </Action>
        ) : null}
        {last === undefined ? null : (
          <a class="btn" href={pathTo('/events', last)}>
            Open last
          </a>
        )}
      </div>
    </li>
  );
};
