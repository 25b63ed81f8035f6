import { useAppFolder } from '../support/app-folder';
import { type TestApp, useApp } from '../support/test-app';
import { until } from '../support/until';

const SOURCE = `
  const seen = () => ({
    left: globalThis.left,
    map: new Map([[1, 2]]).get(1),
    lists: Array.from(new Set([1, 1])).length,
    today: new Date(0).toISOString(),
    own: Object.keys(globalThis).includes('left'),
  });
  export const changes = worker('changes', async (wait) => {
    globalThis.left = 'by a run';
    globalThis.Map = class { get() { return 'not the language\\'s'; } };
    delete globalThis.Set;
    globalThis.Date = undefined;
    if (wait) await sleep('1 hour');
    return [globalThis.left, new Map().get(), typeof Date];
  });
  export const looks = worker('looks', async (wait) => {
    const before = seen();
    await sleep(wait);
    return [before, seen()];
  });
  export const waits = worker('waits', async () => { await sleep('1 hour'); });
`;
const CLEAN = { map: 2, lists: 1, today: '1970-01-01T00:00:00.000Z', own: false };

const folder = useAppFolder();
const app = useApp(folder.write(SOURCE));

test('what a run does to the global object is its own', async () => {
  const other = await app.client.emit(true, 'changes'); // stays in the worker process, side by side with the next
  await sleeps(app, other.id);
  const [looked, changed] = await Promise.all([
    app.client.emit(20, 'looks').then((event) => event.result()),
    app.client.emit(false, 'changes').then((event) => event.result()),
  ]);
  expect(looked).toEqual([CLEAN, CLEAN]);
  expect(changed).toEqual(['by a run', "not the language's", 'undefined']);
  expect(await (await app.client.emit(1, 'looks')).result()).toEqual([CLEAN, CLEAN]);
});

describe('Temporal’s call stack of a waiting event', () => {
  const folder = useAppFolder();
  const stacked = useApp(folder.write(SOURCE), { callStacks: true });

  const stackIn = async (of: TestApp): Promise<unknown> => {
    const { id } = await of.client.emit(null, 'waits');
    await sleeps(of, id);
    return of.temporal.workflow.getHandle(`${of.name}/${id}`).query('__stack_trace');
  };

  test('names the place with callStacks', async () => {
    expect(await stackIn(stacked)).toContain('app.ts');
  });

  test('is empty without', async () => {
    expect(await stackIn(app)).toBe('');
  });
});

async function sleeps(of: TestApp, id: string): Promise<void> {
  const workflow = of.temporal.workflow.getHandle(`${of.name}/${id}`);
  await until(
    async () => (await workflow.fetchHistory()).events ?? [],
    (events) =>
      events.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes != null),
  );
}
