import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheDir } from '../../src/servers/cache';
import { obtainTemporal } from '../../src/servers/obtain-temporal';
import { silentProgress } from '../../src/shared/progress';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { ROOT } from '../support/type-check';
import { until, untilIs } from '../support/until';

const page = readFileSync(join(ROOT, 'docs', 'inspecting.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
  block.trimEnd().split('\n'),
);

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const Orders = datastore('Orders', { total: t.Int });
  export const onOrder = worker('onOrder', { event: t.Record({ total: t.Int }), retry: { delay: '1 hour' } },
    async ({ total }, { id }) => {
      if (total < 0) throw new RangeError('a negative total');
      await DB.set({ total }, id, Orders);
      return { stored: total };
    });
  export const failing = worker('failing', { retry: { retries: 0 } }, async () => { throw new RangeError('for good'); });
  export const report = cron('report', { cron: '0 9 * * MON', timezone: 'Europe/Berlin' }, async () => 'reported');
`),
);

let path = '';

/** Runs a command of the page as a shell would, for this test's app. */
async function run(command: string): Promise<string> {
  const named = command.replaceAll(/\bshop\b/g, app.name);
  const { stdout } = await promisify(execFile)('sh', ['-c', named], {
    env: { ...process.env, PATH: `${path}${delimiter}${process.env['PATH']}`, NO_COLOR: '1' },
  });
  return stdout;
}

beforeAll(async () => {
  const { env } = process;
  const context = { cacheDir: defaultCacheDir(env), env, progress: silentProgress };
  path = dirname((await obtainTemporal(undefined, { ...context, signal: undefined })).path);

  await (await app.client.emit({ total: 7 }, 'onOrder', { id: 'order-1' })).result();
  const retried = await app.client.emit({ total: -1 }, 'onOrder', { id: 'order-bad' });
  await untilIs(() => retried.status(), 'new');
  await app.client.emit({ total: 1 }, 'onOrder', { id: 'order-later', delay: '1 hour' });
  for (const handler of ['failing', 'nobody']) {
    await (await app.client.emit(null, handler, { id: `for-${handler}` })).result().catch(() => {});
  }
  await until(
    () => app.client.events.count(),
    (counts) => Object.values(counts).join() === '2,0,1,1,1',
  );
}, 30 * 60_000);

/** What each command of the page shows, in the page's order. */
const shown: readonly RegExp[] = [
  /Running +\S+\/order-later +onOrder/,
  /^Total: 6\n/, // the five events, and the first attempt of the one that is tried again
  /Completed +\S+\/order-1 +onOrder/,
  /Running +\S+\/order-bad +onOrder/,
  /^(?![^]*order-later)[^]*Running +\S+\/order-bad/,
  /^(?![^]*order)[^]*Failed +\S+\/for-failing +failing/,
  /^(?![^]*failing)[^]*Completed +\S+\/for-nobody +nobody/,
  /^\s*$/,
  /Type +onOrder[^]*Status +COMPLETED[^]*\{"stored":7\}/,
  /MarkerRecorded[^]*WorkflowExecutionCompleted/,
  /"eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"/,
  /Result +\{"stored":7\}/,
  /Type +onOrder/,
  /Canceled workflow/,
  /\/report +\{"Workflow":"report"\} +false/,
  /TimeZoneName +Europe\/Berlin/,
  /^/,
  /^/,
  /Trigger request sent/,
  /UNVERSIONED +workflow +\d+@/,
];

test('every command of the page is run here', () => {
  expect(commands).toHaveLength(shown.length);
  expect(commands.every((command) => command.startsWith('temporal '))).toBe(true);
});

test.each(commands.map((command, i) => [command, shown[i] ?? /$^/] as const))(
  '%s',
  async (command, output) => {
    await until(
      () => run(command),
      (text) => output.test(text),
      3_000,
    );
  },
  30_000,
);

test('what the commands did is done', async () => {
  expect(await app.client.events.get('order-2').result()).toEqual({ stored: 5 });
  expect(await app.client.events.get('order-later').status()).toBe('error');
  const { runs, state } = await until(
    () => app.client.crons.get('report'),
    (cron) => cron.runs[0]?.status === 'done',
  );
  expect({ state, runs: runs.length }).toEqual({ state: 'run', runs: 1 });
});

test('a pause by the Temporal CLI shows its reason', async () => {
  const pause = commands.find((command) => command.includes('--pause')) ?? '';
  await run(pause);
  expect(await app.client.crons.get('report')).toMatchObject({
    state: 'pause',
    paused: { reason: 'for the holidays' },
  });
});
