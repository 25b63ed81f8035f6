import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const forever = worker('forever', async (n: number) => { await emit(n + 1, 'forever'); });
`),
);

test('a handler that emits to itself for ever shows in the trace, and is stopped by a pause', async () => {
  const { client } = app;
  await client.emit(0, 'forever', { id: 'first' });
  await until(
    () => client.events.count({ handler: 'forever' }),
    ({ done }) => done >= 5,
  );
  await client.queues.pause('forever', { reason: 'it never ends', by: 'test' });
  const { held } = await until(
    () => client.queues.get('forever'),
    (queue) => queue.held === 1,
  );
  expect(held).toBe(1); // one after the other: where the next is held, nothing more comes
  const counts = await until(
    () => client.events.count({ handler: 'forever' }),
    ({ locked, new: waiting }) => locked === 0 && waiting === 1,
  );
  const { attempts } = await client.traces.get('first');
  const child = attempts[0]?.steps[0]?.child;
  expect(child).toMatchObject({ handler: 'forever' });
  expect((await client.traces.get(child?.id ?? '')).parent).toMatchObject({
    ...{ id: 'first', handler: 'forever' },
  });
  expect((await client.events.count({ handler: 'forever' })).done).toBe(counts.done);
});
