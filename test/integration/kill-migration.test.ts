import { startCli } from '../support/cli';
import { appPath, useApp } from '../support/test-app';
import { until } from '../support/until';
import { Numbers } from './apps/migrate';

const RECORDS = 5_000;
const app = useApp();

interface Stored {
  readonly _id: string;
  readonly r: number;
  readonly v: { readonly n: number; readonly twice: number };
}

it('copies every record exactly once when the worker process is killed with -9 in the middle', async () => {
  const serve = (): ReturnType<typeof startCli> =>
    startCli(['worker', appPath('migrate.ts'), '--name', app.name]);
  await app.client.DB.set({ n: 0 }, '00000', Numbers);
  const rest = Array.from({ length: RECORDS - 1 }, (_, i) => i + 1);
  await app.db.collection<{ _id: string }>('Numbers').insertMany(
    rest.map((n) => ({
      _id: String(n).padStart(5, '0'),
      g: 1,
      r: 1,
      o: ['x'],
      v: { n: BigInt(n) },
    })),
  );
  const copies = app.db.collection<Stored>('Doubled');

  const doomed = serve();
  await doomed.says('serving');
  const migration = await app.client.migrations.start('double');
  await until(
    () => copies.countDocuments(),
    (count) => count >= RECORDS / 10,
  );
  doomed.process.kill('SIGKILL');
  await doomed.finished;
  const before = await copies.countDocuments();
  // Temporal answers while nobody serves
  expect(await migration.progress()).toMatchObject({ state: 'running', total: RECORDS });

  const successor = serve();
  const report = await migration.result();
  successor.process.kill('SIGINT');
  expect((await successor.finished).code).toBe(0);

  expect(before).toBeLessThan(RECORDS); // it was in the middle
  expect(report).toMatchObject({
    copied: RECORDS,
    counts: { source: RECORDS, target: RECORDS, equal: true },
  });
  const records = await copies.find({}).sort({ _id: 1 }).toArray();
  expect(records.map(({ v }) => Number(v.twice))).toEqual([0, ...rest.map((n) => 2 * n)]);
  expect(records.filter(({ r }) => r !== 1)).toEqual([]); // r counts the writes of a record
}, 120_000);
