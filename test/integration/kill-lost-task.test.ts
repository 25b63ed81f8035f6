import { startCli } from '../support/cli';
import { appPath, useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';
import { Counters } from './apps/lost-task';

const app = useApp();

interface Stored {
  readonly _id: string;
  readonly r: number;
  readonly v: unknown;
}

const serve = (): ReturnType<typeof startCli> =>
  startCli(['worker', appPath('lost-task.ts'), '--name', app.name]);
const stored = (datastore: string): Promise<Stored[]> =>
  app.db.collection<Stored>(datastore).find({}).toArray();

// The task that runs again numbers its steps in another way than the lost one: it asks the gate once more.
it('applies each write of a lost task once, though a rule holds the event before the task runs again', async () => {
  const { client } = app;
  await client.DB.set({ n: 0 }, 'counter', Counters);
  const doomed = serve();
  await doomed.says('serving');
  const event = await client.emit(null, 'work', { id: 'work' });
  await until(
    () => stored('Added'),
    (added) => added.length > 0,
  );
  doomed.process.kill('SIGKILL');
  await doomed.finished;
  expect(await event.status()).toBe('locked'); // it was in the middle
  await client.queues.pause('work');

  const successor = serve();
  await untilIs(async () => (await client.queues.get('work')).held, 1, 60_000);
  await client.queues.resume('work');
  expect(await event.result()).toBe(2);
  successor.process.kill('SIGINT');
  await successor.finished;

  expect(await stored('Counters')).toMatchObject([{ v: { n: 2 }, r: 3 }]); // with the client's own write
  expect(await stored('Sets')).toMatchObject([{ v: { n: 2 }, r: 2 }]);
  expect(await stored('Added')).toMatchObject([{ v: { by: 'work' }, r: 1 }]);
}, 120_000);
