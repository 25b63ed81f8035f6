import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

// One worker process, so that after a reload no older code serves.
const folder = useAppFolder();
const every = (name: string, body = 'return 1;'): string =>
  `export const ${name} = cron('${name}', { every: 1000 }, async () => { ${body} });\n`;
const ALWAYS = `export const other = worker('other', async () => 1);\n`;
const app = useApp(folder.write(ALWAYS));

async function deploy(...crons: string[]): Promise<void> {
  folder.write(ALWAYS + crons.join(''));
  await app.worker.reload();
}

test('no run of a cron that comes or goes meets code that lacks it', async () => {
  const [a, b, c] = [every('a'), every('b'), every('c')];
  for (const crons of [[a, b], [b, c], [c], [a, b, c], []]) {
    await deploy(...crons);
    for (const name of ['a', 'b', 'c'].filter((_, i) => crons.includes([a, b, c][i] ?? ''))) {
      await until(
        () => app.client.events.list({ handler: name, status: 'done' }),
        (runs) => runs.length > 1,
      );
    }
  }
  expect(await app.client.missing.list()).toEqual([]);
}, 90_000);

test('a run that waits for its retry still goes on: the next ones are left out', async () => {
  await deploy(every('fails', `throw new Error('later');`));
  const { runs } = await until(
    () => app.client.crons.get('fails'),
    ({ skipped }) => skipped >= 2,
  );
  expect(runs).toMatchObject([{ status: 'new' }]);
});
