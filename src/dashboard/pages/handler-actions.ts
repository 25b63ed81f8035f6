import type { NightshiftClient, ResumeOperation, ResumeOptions } from '../../../client';
import type { Duration } from '../../shared/duration';
import { ConflictError, InvalidInputError, messageOf } from '../../shared/errors';
import { ALL_QUEUES } from '../../shared/rules';
import { type Action, type ActionRequest, numberField } from '../action';
import { operationKey, placeAfter } from '../operations';
import { pathTo } from '../parts/text';
import { handler } from './handler';
import { FAILURES, logKey, workKey } from './handler-reading';

const BY = 'dashboard';

const pageOf = (name: string): string => (name === ALL_QUEUES ? '/' : pathTo('/handlers', name));

/** The page must show what was done to it. */
function forget({ memo }: ActionRequest, name: string): void {
  for (const key of ['standings', logKey(name), workKey(name), `cron ${name}`]) memo.drop(key);
  for (const kind of ['resume', 'redrive']) memo.drop(operationKey(kind, name));
}

const hold = (kind: 'pause' | 'block'): Action => ({
  path: `/handlers/:name/${kind}`,
  async run(request) {
    const name = request.param('name');
    const reason = request.field('reason');
    await request.client.queues[kind](name, {
      by: BY,
      ...(reason === undefined ? {} : { reason }),
    });
    forget(request, name);
    return pageOf(name);
  },
});

type Lift = (
  client: NightshiftClient,
  name: string,
  options: ResumeOptions,
) => Promise<ResumeOperation>;

const lift = (what: 'resume' | 'unblock', call: Lift): Action => ({
  path: `/handlers/:name/${what}`,
  async run(request) {
    const { client } = request;
    const name = request.param('name');
    const rate = numberField(request, 'rate');
    const canary = numberField(request, 'canary');
    const held = (await client.queues.standings()).find((one) => one.name === name)?.held ?? 0;
    await call(client, name, {
      by: BY,
      ...(rate === undefined ? {} : { rate }),
      ...(canary === undefined ? {} : { canary }),
    });
    forget(request, name);
    // With nothing to let go there is nothing to watch
    if (held > 0 || name === ALL_QUEUES) return pathTo('/operations', 'resume', name);
    return placeAfter('resume', name, pageOf(name), client);
  },
});

/** Those events that the page showed in one line, and none that failed later. */
const redrive: Action = {
  path: '/handlers/:name/redrive',
  async run(request) {
    const { client } = request;
    const name = request.param('name');
    const [message, line] = [request.field('message'), request.field('line')];
    const until = new Date(request.field('until') ?? Number.NaN);
    if (Number.isNaN(until.getTime()))
      throw new InvalidInputError('redrive_invalid', 'The form lacks the time of the page');
    const [groups, later] = await Promise.all([
      client.failures.list({ handler: name, limit: FAILURES }),
      client.events.list({ handler: name, status: 'error', endedSince: until, limit: FAILURES }),
    ]);
    const isLater = new Set(later.map(({ id }) => id));
    const group = groups.find(
      (one) => one.message.trim() === message?.replaceAll('\r\n', '\n') && one.line === line,
    );
    const ids = (group?.ids ?? []).filter((id) => !isLater.has(id));
    if (ids.length === 0)
      throw new ConflictError('redrive_invalid', 'These events are no longer failed', {
        remedies: ['somebody has redriven them: see the handler’s page'],
      });
    await client.events.redrive({ handler: name, ids });
    forget(request, name);
    return pathTo('/operations', 'redrive', name);
  },
};

/** The path of the page itself, so that a wrong event can be shown there anew. */
const emit: Action = {
  path: '/handlers/:name',
  again: handler,
  async run(request) {
    const event = parsed(request.field('event'));
    const delay = request.field('delay') as Duration | undefined;
    const emitted = await request.client.emit(event, request.param('name'), {
      json: true,
      ...(delay === undefined ? {} : { delay }),
    });
    return pathTo('/events', emitted.id);
  },
};

function parsed(text = 'null'): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError('event_invalid', `This is no JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const run: Action = {
  path: '/handlers/:name/run',
  async run(request) {
    const { id } = await request.client.crons.runNow(request.param('name'));
    return pathTo('/events', id);
  },
};

export const handlerActions: readonly Action[] = [
  ...[hold('pause'), hold('block')],
  lift('resume', (client, name, options) => client.queues.resume(name, options)),
  lift('unblock', (client, name, { canary: _, ...options }) =>
    client.queues.unblock(name, options),
  ),
  ...[redrive, emit, run],
];
