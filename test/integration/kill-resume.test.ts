import { appPath, useApp } from '../support/test-app';
import { startCli } from '../support/cli';
import { until, untilIs } from '../support/until';
import { Runs } from './apps/queues';

const EVENTS = 120;
const app = useApp();

it('lets every held event go exactly once when the worker process is killed with -9 in the middle', async () => {
  const serve = (): ReturnType<typeof startCli> =>
    startCli(['worker', appPath('queues.ts'), '--name', app.name]);
  const doomed = serve();
  await doomed.says('serving');
  const { queues } = app.client;
  const held = async (): Promise<number> => (await queues.get('mail')).held;
  await queues.pause('mail');
  const events = await Promise.all(
    Array.from({ length: EVENTS }, (_, n) => app.client.emit({ n }, 'mail')),
  );
  await untilIs(held, EVENTS);

  const operation = await queues.resume('mail', { rate: 40 });
  await until(held, (count) => count < EVENTS - 20);
  doomed.process.kill('SIGKILL');
  await doomed.finished;
  const left = await held();
  expect(left).toBeGreaterThan(0); // it was in the middle
  expect((await operation.progress()).state).toBe('running'); // Temporal answers while nobody serves

  const successor = serve();
  await Promise.all(events.map((event) => event.result()));
  expect(await operation.result()).toMatchObject({ state: 'done' });
  expect(await held()).toBe(0);
  const runs = (await app.client.DB.getAll(Runs)).map(({ n }) => n).sort((a, b) => a - b);
  expect(runs).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
  successor.process.kill('SIGINT');
  expect((await successor.finished).code).toBe(0);
}, 120_000);

it('a signal that comes before the event asks its gate makes it ask twice, and no more', async () => {
  const { queues } = app.client;
  await queues.pause('other');
  const event = await app.client.emit({ n: 1 }, 'other');
  const workflow = app.temporal.workflow.getHandle(`${app.name}/${event.id}`);
  await workflow.signal('resume');
  const worker = startCli(['worker', appPath('queues.ts'), '--name', app.name]);
  await worker.says('serving');
  await untilIs(async () => (await queues.get('other')).held, 1);
  const asked = async (): Promise<number> =>
    ((await workflow.fetchHistory()).events ?? []).filter(
      ({ markerRecordedEventAttributes }) => markerRecordedEventAttributes != null,
    ).length;
  await untilIs(asked, 2);
  expect(await event.status()).toBe('new');
  await queues.resume('other');
  expect(await event.result()).toBe(1);
  expect(await asked()).toBe(4); // two at first, one after the resume, and the handler's own step
  worker.process.kill('SIGINT');
  await worker.finished;
}, 60_000);
