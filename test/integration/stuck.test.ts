import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`export const long = worker('long', async () => { await sleep('1 hour'); });`),
);

test('an event whose code differs from its history is told as stuck, and why', async () => {
  const event = await app.client.emit(null, 'long');
  const workflow = app.temporal.workflow.getHandle(`${app.name}/${event.id}`);
  await until(
    async () => (await workflow.describe()).historyLength,
    (length) => length > 4,
  );
  expect((await event.describe()).stuck).toBeUndefined();
  folder.write(`
    export const Notes = datastore('Notes', { text: t.String });
    export const long = worker('long', async () => DB.count(Notes));
  `);
  await app.worker.reload();
  await workflow.signal('resume'); // any new task is replayed with the code that is served
  const { stuck, status } = await until(
    () => event.describe(),
    (description) => description.stuck !== undefined,
  );
  expect(status).toBe('locked');
  expect(stuck).toMatchObject({
    tries: expect.any(Number) as number,
    reason: expect.stringContaining('TMPRL1100') as string,
  });
  expect((await app.client.traces.get(event.id)).stuck?.reason).toBe(stuck?.reason);
  // Temporal marks it for its lists after five failures, which takes it about a minute.
  await until(
    async () => (await app.client.queues.get('long')).stuck,
    (count) => count === 1,
    150_000,
  );
  expect(await app.client.queues.list()).toMatchObject([{ name: 'long', stuck: 1 }]);
}, 200_000);
