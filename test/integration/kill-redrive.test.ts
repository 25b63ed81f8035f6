import { startCli } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const EVENTS = 120;
const folder = useAppFolder();
const app = useApp();

const file = folder.write(`
  export const Runs = datastore('Runs', { n: t.Int });
  export const shaky = worker('shaky', { retry: { retries: 0 } }, async ({ n }: { n: number }) => {
    if (!flag('mended')) throw new Error('not yet');
    await DB.add({ n }, Runs);
    return n;
  });
`);
const serve = (): ReturnType<typeof startCli> => startCli(['worker', file, '--name', app.name]);

it('begins every failed event anew exactly once when the worker process is killed with -9 in the middle', async () => {
  const doomed = serve();
  await doomed.says('serving');
  const events = await Promise.all(
    Array.from({ length: EVENTS }, (_, n) => app.client.emit({ n }, 'shaky')),
  );
  await Promise.all(events.map((event) => event.result().catch(() => {})));
  await app.client.flags.set('mended', true);

  const operation = await app.client.events.redrive({
    handler: 'shaky',
    status: 'error',
    rate: 40,
  });
  const done = async (): Promise<number> => app.db.collection('Runs').countDocuments();
  await until(done, (count) => count > 20);
  doomed.process.kill('SIGKILL');
  await doomed.finished;
  expect(await done()).toBeLessThan(EVENTS); // it was in the middle
  expect((await operation.progress()).state).toBe('running');

  const successor = serve();
  expect(await operation.result()).toMatchObject({
    state: 'done',
    redriven: EVENTS,
    passedOver: 0,
  });
  for (const [n, event] of events.entries()) expect(await event.result()).toBe(n);
  await untilIs(done, EVENTS);
  const runs = await app.db.collection<{ v: { n: number } }>('Runs').find().toArray();
  expect(runs.map(({ v }) => Number(v.n)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: EVENTS }, (_, n) => n),
  );
  successor.process.kill('SIGINT');
  expect((await successor.finished).code).toBe(0);
}, 120_000);
