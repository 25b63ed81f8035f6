import type { AttemptTrace, EventDescription, Trace } from '../../../client';
import { formatBetween } from '../../shared/duration';
import type { Html, Page, PageRequest, Section } from '../page';
import { commandOf } from '../parts/shell';
import { cutText, pathTo, Status, textOf, Time } from '../parts/text';
import { type SourceLines, sourceLines } from '../source-lines';
import { within } from '../within';
import { EventError } from './event-error';
import { EventState } from './event-state';
import { Steps } from './event-steps';

/** Who looks at an event that runs shares what is read of it. */
const FRESH_MS = 900;
/** A trace waits for a worker process, which may be slow, or none. */
const TRACE_WAIT_MS = 250;
/** Longer than from one look to the next: a slow one would never be seen. */
const TRACE_MS = { open: 1500, ended: 60_000 };
const LONG_VALUE = 50_000;
const MAX_CHILDREN = 20;

/** What did it do, and why did it fail? */
export const event: Page = {
  path: '/events/:id',
  async show(request) {
    const id = request.param('id');
    const { client, memo } = request;
    const read = memo.read(eventKey(id), FRESH_MS, () => client.events.get(id).describe());
    const begun = readTrace(id, request);
    begun.catch(() => {}); // where the event is not, the description says so
    const description = await read;
    const first = await within(begun, TRACE_WAIT_MS);
    const isOld = first !== undefined && !isOf(first, description);
    if (isOld) memo.drop(traceKey(id));
    const second = isOld ? await within(readTrace(id, request), TRACE_WAIT_MS) : undefined;
    const shown: ShownEvent = { description, trace: second ?? first, request };
    const attempt = attemptOf(shown);
    const source =
      attempt?.error?.at === undefined ? undefined : await sourceLines(attempt.error.at);
    const isOver = description.endedAt !== undefined;
    return {
      title: id,
      crumbs: (
        <>
          <a href="/">Handlers</a> /{' '}
          <a href={pathTo('/handlers', description.handler)}>{description.handler}</a>
        </>
      ),
      nav: '/events',
      still: isOver && shown.trace !== undefined && isOf(shown.trace, description),
      sections: sectionsOf(shown, attempt, source),
    };
  },
};

const readTrace = (id: string, { client, memo }: PageRequest): Promise<Trace> =>
  memo.read(
    traceKey(id),
    ({ status }) => (ENDED.includes(status) ? TRACE_MS.ended : TRACE_MS.open),
    () => client.traces.get(id),
  );

const ENDED: readonly Trace['status'][] = ['done', 'error', 'missing'];

/** False for one that was read before the event went on. */
const isOf = ({ status, attempts }: Trace, description: EventDescription): boolean =>
  status === description.status && attempts.length === description.runs.length;

export const eventKey = (id: string): string => `event ${id}`;
export const traceKey = (id: string): string => `trace ${id}`;

export interface ShownEvent {
  readonly description: EventDescription;
  /** Undefined while it is read. */
  readonly trace: Trace | undefined;
  readonly request: PageRequest;
}

/** The attempt that was asked for, else the last one that began. */
function attemptOf({ trace, request }: ShownEvent): AttemptTrace | undefined {
  const attempts = trace?.attempts ?? [];
  const asked = attempts[Number(request.query('a')) - 1];
  return asked ?? attempts.findLast(({ startedAt }) => startedAt !== undefined) ?? attempts.at(-1);
}

function sectionsOf(
  shown: ShownEvent,
  attempt: AttemptTrace | undefined,
  source: SourceLines | undefined,
): Section[] {
  return [
    {
      id: 'state',
      content: (
        <div class="panel">
          <EventState {...shown} attempt={attempt} />
          {attempt?.error === undefined || attempt.error.type === 'cancelled' ? null : (
            <EventError error={attempt.error} source={source} endedAt={attempt.endedAt} />
          )}
        </div>
      ),
    },
    {
      id: 'steps',
      content: (
        <>
          <h2>Steps</h2>
          <Attempts {...shown} attempt={attempt} />
          {attempt === undefined ? (
            <p class="panel note">
              A worker process of the app is asked what the event did; its steps appear here.
            </p>
          ) : (
            <Steps attempt={attempt} request={shown.request} />
          )}
        </>
      ),
    },
    { id: 'facts', content: <Facts {...shown} attempt={attempt} /> },
  ];
}

interface WithAttempt extends ShownEvent {
  readonly attempt: AttemptTrace | undefined;
}

const Attempts = ({ trace, description, attempt, request }: WithAttempt): Html => {
  const attempts = trace?.attempts ?? [];
  if (attempts.length < 2) return null;
  return (
    <nav class="tabs" aria-label="Attempts">
      {attempts.map((one, i) => (
        <a href={`?a=${i + 1}`} aria-current={one === attempt ? 'true' : undefined}>
          <Status of={outcomeOf(one, i === attempts.length - 1, description)}>
            {`attempt ${one.attempt}`}
          </Status>{' '}
          {one.startedAt === undefined ? null : (
            <>
              <Time at={one.startedAt} now={request.now()} />
              {one.endedAt === undefined ? null : `, ${tookText(one)}`}
            </>
          )}
        </a>
      ))}
    </nav>
  );
};

const outcomeOf = (
  { error }: AttemptTrace,
  isLast: boolean,
  { status }: EventDescription,
): EventDescription['status'] => (isLast ? status : error === undefined ? 'done' : 'error');

/** How long an attempt's handler ran. */
const tookText = ({ startedAt, endedAt }: AttemptTrace): string =>
  startedAt === undefined ? '–' : endedAt === undefined ? '…' : formatBetween(startedAt, endedAt);

const Facts = ({ description, trace, attempt, request }: WithAttempt): Html => {
  const { id, handler, emittedAt, attempts, endedAt } = description;
  const now = request.now();
  const children = (attempt?.steps ?? []).flatMap((step) => step.children ?? step.child ?? []);
  return (
    <div class="two">
      <div>
        <h2>Event</h2>
        {trace === undefined ? (
          <p class="panel note">It is being read.</p>
        ) : trace.scheduledAt === undefined ? (
          <Value of={trace.event} />
        ) : (
          <p class="panel note">
            A cron has no event. This run was due at <Time at={trace.scheduledAt} now={now} />.
          </p>
        )}
        {trace?.status === 'done' ? (
          <>
            <h2>Value</h2>
            <Value of={trace.attempts.at(-1)?.value} />
          </>
        ) : null}
      </div>
      <div>
        <h2>Run</h2>
        <dl class="panel facts">
          <dt>Handler</dt>
          <dd>
            <a href={pathTo('/handlers', handler)}>{handler}</a>
          </dd>
          <dt>Emitted</dt>
          <dd>
            <Time at={emittedAt} now={now} />
          </dd>
          <dt>Attempts</dt>
          <dd>{attempts}</dd>
          <dt>Ran for</dt>
          <dd>{attempt === undefined ? '–' : tookText(attempt)}</dd>
          <dt>In all</dt>
          <dd>{endedAt === undefined ? '…' : formatBetween(emittedAt, endedAt)}</dd>
          {trace?.parent === undefined ? null : (
            <>
              <dt>Parent</dt>
              <dd>
                <a href={pathTo('/events', trace.parent.id)}>{trace.parent.handler}</a>{' '}
                <span class="id">{trace.parent.id}</span>
              </dd>
            </>
          )}
          {children.length === 0 ? null : (
            <>
              <dt>Children</dt>
              <dd>
                {children.slice(0, MAX_CHILDREN).map((child) => (
                  <div>
                    <a href={pathTo('/events', child.id)}>{child.handler}</a>{' '}
                    <span class="id">{child.id}</span>
                  </div>
                ))}
                {children.length > MAX_CHILDREN ? (
                  <div>and {children.length - MAX_CHILDREN} more: see the steps</div>
                ) : null}
              </dd>
            </>
          )}
          <dt>Show</dt>
          <dd>
            <code>{commandOf('trace', id)}</code>
          </dd>
          <dt>Save as test</dt>
          <dd>
            <code>{commandOf('trace', 'save', id)}</code>
          </dd>
        </dl>
      </div>
    </div>
  );
};

const Value = ({ of }: { of: unknown }): Html => (
  <pre class="panel">{cutText(textOf(of), LONG_VALUE)}</pre>
);
