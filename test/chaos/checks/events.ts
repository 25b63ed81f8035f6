import { acknowledged, type Check, type Outcome, type SeenEvent } from './outcome';

type End = 'done' | 'error' | 'missing';

/** Every event that was accepted, also from handlers, ended once, in the status that it has to end in. */
export const eventsEnded: Check = (outcome) => {
  const expected = expectedEnds(outcome);
  const problems = [...expected].flatMap(([id, end]) => {
    const event = outcome.events.get(id);
    return event === undefined ? [`event ${id} was accepted and is not there`] : wrong(event, end);
  });
  for (const event of outcome.events.values()) {
    if (expected.has(event.id)) continue;
    // Their ids are not known before.
    if (event.handler === 'note' || event.handler === 'tick')
      problems.push(...wrong(event, 'done'));
    else problems.push(`event ${event.id} of "${event.handler}" was never emitted`);
  }
  return problems;
};

function expectedEnds(outcome: Outcome): Map<string, End> {
  const ends = new Map<string, End>();
  const expect = (end: End, ids: readonly string[]): void => ids.forEach((id) => ends.set(id, end));
  const ids = (lane: string, pattern: RegExp): string[] => acknowledged(outcome, lane, pattern);
  const orders = ids('orders', /^order-(\d+)$/);
  for (const handler of ['order', 'bill', 'ship'])
    expect(
      'done',
      orders.map((n) => `${handler}-${n}`),
    );
  expect('done', ids('others', /^(?:flaky|later)-\d+$/));
  expect('missing', ids('others', /^nobody-\d+$/));
  expect('error', ids('others', /^wrong-\d+$/));
  expect('done', ids('mails', /^mail-\d+-\d+$/));
  expect('done', ids('redrives', /^doomed-\d+-\d+$/));
  expect(
    'done',
    outcome.journal
      .filter(({ lane, key }) => lane === 'crons' && key.startsWith('now '))
      .map(({ value }) => String(value)),
  );
  return ends;
}

const LAST: Readonly<Record<End, string>> = {
  done: 'COMPLETED',
  error: 'FAILED',
  missing: 'MISSING',
};

function wrong({ id, handler, runs }: SeenEvent, end: End): string[] {
  const statuses = runs.map(({ status }) => status);
  const before = statuses.slice(0, -1);
  const shown = `event ${id}: ${statuses.join(', ')}`;
  if (statuses.at(-1) !== LAST[end]) return [`${shown}; should be ${end}`];
  // A redriven event has failed before; any other has only gone on with its next attempt.
  const passing = handler === 'doomed' ? ['CONTINUED_AS_NEW', 'FAILED'] : ['CONTINUED_AS_NEW'];
  return before.every((status) => passing.includes(status)) ? [] : [`${shown}; ended twice`];
}

/** What cannot go on says so. */
export const nothingStuck: Check = async ({ client, events }) => {
  const open = [...events.values()].filter(({ runs }) => runs.at(-1)?.status === 'RUNNING');
  const queues = (await client.queues.list()).filter(({ stuck }) => stuck > 0);
  return [
    ...open.map(({ id }) => `event ${id} has not ended`),
    ...queues.map(({ name, stuck }) => `queue "${name}": ${stuck} stuck`),
  ];
};

/** A name that nobody handles is counted once for each of its events. */
export const missingCounted: Check = async (outcome) => {
  const emitted = acknowledged(outcome, 'others', /^nobody-\d+$/).length;
  const listed = await outcome.client.missing.list();
  const shown = listed.map(({ name, count }) => `${name}: ${count}`).join(', ');
  const expected = emitted === 0 ? '' : `nobody: ${emitted}`;
  return shown === expected ? [] : [`404 list: "${shown}", expected "${expected}"`];
};

/** A delayed event does not begin before its time. */
export const notEarly: Check = ({ records }) =>
  (records.get('Laters') ?? []).flatMap(({ _id, v }) => {
    const { dueAt, ranAt } = v as { dueAt: Date; ranAt: Date };
    return ranAt >= dueAt ? [] : [`${_id} ran ${Number(dueAt) - Number(ranAt)} ms too early`];
  });
