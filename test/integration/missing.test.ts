import { join } from 'node:path';
import { useApp } from '../support/test-app';
import { ROOT, typeComplaints } from '../support/type-check';

const EVENTS = 200;
const app = useApp('events.ts');

test('many events at once are all counted, and the newest three kept', async () => {
  const before = Date.now();
  const ids = Array.from({ length: EVENTS }, (_, i) => `star-${i}`);
  const events = await Promise.all(
    ids.map((id, i) => app.client.emit({ starred: i, at: new Date(i) }, 'github.star', { id })),
  );
  await Promise.all(events.map((event) => event.result().catch(() => {})));
  const star = await app.client.missing.get('github.star');
  expect(star).toMatchObject({ name: 'github.star', count: EVENTS });
  expect(star.firstSeen.getTime()).toBeGreaterThanOrEqual(before);
  expect(star.firstSeen.getTime()).toBeLessThan(star.lastSeen.getTime());
  expect(star.lastSeen.getTime()).toBeLessThanOrEqual(Date.now());
  expect(star.events).toHaveLength(3);
  for (const { id, event } of star.events) {
    const i = ids.indexOf(id);
    expect(event).toEqual({ starred: i, at: new Date(i) });
  }
  expect(await app.client.missing.list()).toEqual([star]);
}, 60_000);

test('a stub has the types of what came', async () => {
  const source = await app.client.missing.stub('github.star');
  expect(source).toContain("worker(\n  'github.star',");
  expect(source).toContain(
    '    event: t.Record({\n      starred: t.Int,\n      at: t.Date,\n    }),',
  );
  expect(typeComplaints([{ name: join(ROOT, 'stub.ts'), source }])).toEqual([]);
}, 60_000);

test('a name that is forgotten comes back with its next event', async () => {
  await app.client.missing.forget('github.star');
  expect(await app.client.missing.list()).toEqual([]);
  expect(await app.client.events.get('star-0').status()).toBe('missing');
  await (await app.client.emit(1, 'github.star')).result().catch(() => {});
  expect(await app.client.missing.get('github.star')).toMatchObject({ count: 1 });
});

test.each(['get', 'stub', 'forget'] as const)('a name that is not there: %s', async (ask) => {
  for (const name of ['echo', 'never', '', '$where', '__proto__']) {
    await expect(app.client.missing[ask](name)).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'missing_not_found',
      message: `"${name}" is not on the 404 list`,
    });
  }
});
