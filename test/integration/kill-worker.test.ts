import { appPath, useApp } from '../support/test-app';
import { startCli } from '../support/cli';
import { until } from '../support/until';

const EVENTS = 120;
const app = useApp();

it('handles every event exactly once when the worker process is killed with -9 in the middle', async () => {
  const serve = (): ReturnType<typeof startCli> =>
    startCli(['worker', appPath('kill.ts'), '--name', app.name]);
  const doomed = serve();
  await doomed.says('serving');
  const events = await Promise.all(
    Array.from({ length: EVENTS }, (_, n) => app.client.emit({ n }, 'first', { id: `first-${n}` })),
  );
  await until(
    () => app.db.collection('Seconds').countDocuments(),
    (handled) => handled >= EVENTS / 10,
  );
  doomed.process.kill('SIGKILL');
  await doomed.finished;
  const before = await app.client.events.count();
  const successor = serve();
  await Promise.all(events.map((event) => event.result()));
  await until(
    () => app.client.events.count(),
    ({ done }) => done === 2 * EVENTS,
    60_000,
  );
  successor.process.kill('SIGINT');
  expect((await successor.finished).code).toBe(0);

  expect(before.done).toBeLessThan(2 * EVENTS); // it was in the middle
  for (const name of ['Firsts', 'Seconds', 'Added']) {
    const records = await app.db
      .collection<{ r: number; v: { n: number } }>(name)
      .find({})
      .toArray();
    expect({ name, numbers: records.map(({ v }) => Number(v.n)).sort((a, b) => a - b) }).toEqual({
      name,
      numbers: Array.from({ length: EVENTS }, (_, n) => n),
    });
    // r counts the writes of a record
    expect({ name, rewritten: records.filter(({ r }) => r !== 1) }).toEqual({
      name,
      rewritten: [],
    });
  }
}, 120_000);
