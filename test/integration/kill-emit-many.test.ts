import { appPath, useApp } from '../support/test-app';
import { startCli } from '../support/cli';
import { until } from '../support/until';

const EVENTS = 500;
const app = useApp();

it('emits each of many events once when the worker process is killed with -9 in the middle', async () => {
  const serve = (): ReturnType<typeof startCli> =>
    startCli(['worker', appPath('emit-many.ts'), '--name', app.name]);
  const doomed = serve();
  await doomed.says('serving');
  const fanOut = await app.client.emit(EVENTS, 'fanOut');
  await until(
    () => app.db.collection('Counted').countDocuments(),
    (handled) => handled > 0,
  );
  doomed.process.kill('SIGKILL');
  await doomed.finished;
  expect(await fanOut.status()).toBe('locked'); // it was in the middle
  const successor = serve();
  await fanOut.result();
  await until(
    () => app.client.events.count({ handler: 'count' }),
    ({ done }) => done >= EVENTS,
    60_000,
  );
  expect(await app.client.events.count({ handler: 'count' })).toMatchObject({
    ...{ new: 0, locked: 0, done: EVENTS },
  });
  successor.process.kill('SIGINT');
  expect((await successor.finished).code).toBe(0);
}, 120_000);
