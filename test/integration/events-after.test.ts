import type { EventFilter, ListedEvent } from 'nightshift/client';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const quick = worker('quick', async (event: unknown) => event);
  export const slow = worker('slow', async () => sleep('1 day'));
`),
);

/** Page by page, as a reader goes. */
async function all(filter: EventFilter, limit: number): Promise<ListedEvent[]> {
  const events: ListedEvent[] = [];
  for (;;) {
    const after = events.at(-1);
    const page = await app.client.events.list({
      ...filter,
      limit,
      ...(after === undefined ? {} : { after }),
    });
    events.push(...page);
    if (page.length < limit) return events;
  }
}

beforeAll(async () => {
  // Many end, and begin, in the same millisecond
  await app.client.emitMany(Array(60).fill(1), 'quick', { id: 'q' });
  await app.client.emitMany(Array(30).fill(1), 'slow', { id: 's' });
  await until(
    () => app.client.events.count(),
    ({ done, locked }) => done === 60 && locked === 30,
  );
}, 60_000);

it.each([
  [{}, 90],
  [{ handler: 'quick' }, 60],
  [{ handler: 'slow' }, 30],
  [{ ended: true }, 60],
  [{ ended: false }, 30],
  [{ status: 'done' as const }, 60],
])('goes on where the page before ended: each of %j once, in one order', async (filter, count) => {
  const whole = await app.client.events.list({ ...filter, limit: 1000 });
  expect(whole).toHaveLength(count);
  for (const limit of [7, 30, 89])
    expect((await all(filter, limit)).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
});

it('a handler whose name Temporal cannot be asked for is found page by page too', async () => {
  const name = 'say "hi"';
  for (let n = 0; n < 5; n++) await app.client.emit(n, name, { id: `hi-${n}` });
  await until(
    () => app.client.events.list({ handler: name, status: 'missing' }),
    (events) => events.length === 5,
  );
  const ids = (await all({ handler: name }, 2)).map(({ id }) => id);
  expect([...ids].sort()).toEqual(['hi-0', 'hi-1', 'hi-2', 'hi-3', 'hi-4']);
});

it('ends after the last one', async () => {
  const last = (await app.client.events.list({ limit: 1000 })).at(-1) as ListedEvent;
  expect(await app.client.events.list({ after: last })).toEqual([]);
});
