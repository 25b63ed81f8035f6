import type { EventFilter, ListedEvent } from '../../../client';
import { InvalidInputError, NotFoundError } from '../../shared/errors';
import type { EventStatus } from '../../shared/status';
import type { Html, Page, PageRequest } from '../page';
import { EventTable } from '../parts/event-table';
import { commandOf } from '../parts/shell';

const SHOWN = 50;
const FRESH_MS = 900;
const STATUSES: readonly EventStatus[] = ['new', 'scheduled', 'locked', 'done', 'error', 'missing'];

/** Where is my event? */
export const events: Page = {
  path: '/events',
  async show(request) {
    const asked = askedFor(request);
    const [sample, found] = await Promise.all([request.sampler.read(), find(asked, request)]);
    const names = new Set(sample.handlers.map(({ name }) => name));
    if (asked.handler !== undefined) names.add(asked.handler);
    return {
      title: 'Events',
      nav: '/events',
      sections: [
        { id: 'filter', content: <Filter asked={asked} handlers={[...names].sort()} /> },
        {
          id: 'events',
          content: (
            <List {...{ asked, found }} now={request.now()} example={sample.handlers[0]?.name} />
          ),
        },
      ],
    };
  },
};

/** What the page was asked for, in its address. */
interface Asked {
  readonly handler?: string;
  readonly status?: EventStatus;
  readonly q?: string;
  readonly after?: EventFilter['after'];
}

function askedFor(request: PageRequest): Asked {
  const text = (name: string): string | undefined => request.query(name)?.trim() || undefined;
  const [handler, q] = [text('handler'), text('q')];
  const status = STATUSES.find((one) => one === text('status'));
  const after = afterOf(request.query('after'));
  return {
    ...(handler === undefined ? {} : { handler }),
    ...(status === undefined ? {} : { status }),
    ...(q === undefined ? {} : { q }),
    ...(after === undefined ? {} : { after }),
  };
}

/** `<emitted>.<ended or nothing>.<id>`, in milliseconds. */
function afterOf(text: string | undefined): EventFilter['after'] {
  const [, emitted, ended, id] = /^(\d{1,15})\.(\d{0,15})\.(.+)$/.exec(text ?? '') ?? [];
  if (id === undefined) return undefined;
  const endedAt = ended === undefined || ended === '' ? {} : { endedAt: new Date(Number(ended)) };
  return { id, emittedAt: new Date(Number(emitted)), ...endedAt };
}

const afterText = ({ id, emittedAt, endedAt }: ListedEvent): string =>
  `${emittedAt.getTime()}.${endedAt?.getTime() ?? ''}.${id}`;

interface Found {
  readonly events: readonly ListedEvent[];
  readonly more: boolean;
  /** Why there is none of this id. */
  readonly problem?: string;
}

async function find(asked: Asked, { client, memo }: PageRequest): Promise<Found> {
  const { handler, status, q, after } = asked;
  if (q !== undefined) return findOne(q, client);
  return memo.read(`events ${JSON.stringify(asked)}`, FRESH_MS, async () => {
    const events = await client.events.list({
      ...(handler === undefined ? {} : { handler }),
      ...(status === undefined ? {} : { status }),
      ...(after === undefined ? {} : { after }),
      limit: SHOWN + 1,
    });
    return { events: events.slice(0, SHOWN), more: events.length > SHOWN };
  });
}

async function findOne(id: string, client: PageRequest['client']): Promise<Found> {
  try {
    const { handler, status, emittedAt, endedAt } = await client.events.get(id).describe();
    const ended = endedAt === undefined ? {} : { endedAt };
    return { events: [{ id, handler, status, emittedAt, ...ended }], more: false };
  } catch (error) {
    if (!(error instanceof NotFoundError || error instanceof InvalidInputError)) throw error;
    return { events: [], more: false, problem: error.message };
  }
}

const Filter = ({ asked, handlers }: { asked: Asked; handlers: readonly string[] }): Html => (
  <form method="get" action="/events" class="acts filter" aria-label="filter">
    <label>
      Handler{' '}
      <select name="handler">
        <option value="">all</option>
        {handlers.map((name) => (
          <option value={name} selected={name === asked.handler}>
            {name}
          </option>
        ))}
      </select>
    </label>
    <label>
      Status{' '}
      <select name="status">
        <option value="">all</option>
        {STATUSES.map((status) => (
          <option value={status} selected={status === asked.status}>
            {status}
          </option>
        ))}
      </select>
    </label>
    <label>
      Event id <input name="q" value={asked.q ?? ''} size={24} autocomplete="off" />
    </label>
    <button>Show</button>
  </form>
);

interface ListProps {
  readonly asked: Asked;
  readonly found: Found;
  readonly now: number;
  readonly example: string | undefined;
}

const List = ({ asked, found: { events, more, problem }, now, example }: ListProps): Html => {
  if (events.length === 0) return <Empty {...{ asked, problem, example }} />;
  const last = events.at(-1);
  return (
    <>
      <EventTable {...{ events, now }} withHandler={asked.handler === undefined} />
      {more || asked.after !== undefined ? (
        <p class="acts">
          {asked.after === undefined ? null : <a href={linkTo(asked)}>The newest</a>}
          {more && last !== undefined ? (
            <a href={linkTo(asked, afterText(last))} rel="next">
              The next {SHOWN}
            </a>
          ) : null}
        </p>
      ) : null}
    </>
  );
};

function linkTo({ handler, status }: Asked, after?: string): string {
  const query = new URLSearchParams({
    ...(handler === undefined ? {} : { handler }),
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
  });
  return `/events?${query.toString()}`;
}

const Empty = ({
  asked: { handler, status, after },
  problem,
  example,
}: Pick<ListProps, 'asked' | 'example'> & { problem: string | undefined }): Html => {
  if (problem !== undefined)
    return (
      <p class="panel note">
        <span>
          {problem}. An id is found only as a whole. <a href="/events">Show all events</a>
        </span>
      </p>
    );
  if (handler !== undefined || status !== undefined || after !== undefined)
    return (
      <p class="panel note">
        <span>
          No event{status === undefined ? '' : ` is ${status}`}
          {handler === undefined ? '' : ` of handler ${handler}`}
          {after === undefined ? '' : ' after those before'}. <a href="/events">Show all events</a>
        </span>
      </p>
    );
  return (
    <p class="panel note">
      <span>
        No event yet. Emit one: <code>{commandOf('emit', example ?? '<handler>', '{}')}</code>
      </span>
    </p>
  );
};
