import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { useAppFolder } from '../support/app-folder';
import { type RunningCli, startCli } from '../support/cli';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

jest.setTimeout(90_000);
const folder = useAppFolder();
const app = useApp();

folder.write(
  `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Context } from ${JSON.stringify(require.resolve('@temporalio/activity'))};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Tells the test that a try has begun; gives its number. */
function began(name: string): number {
  const { attempt } = Context.current().info;
  writeFileSync(join(${JSON.stringify(folder.path)}, name + '-' + attempt + '.began'), '');
  return attempt;
}
export async function short(): Promise<number> {
  const attempt = began('short');
  await wait(1500);
  return attempt;
}
export async function polite(): Promise<number> {
  const attempt = began('polite');
  if (attempt === 1) await Context.current().cancelled;
  return attempt;
}
export async function stubborn(): Promise<number> {
  const attempt = began('stubborn');
  if (attempt === 1) await wait(600_000);
  return attempt;
}
`,
  'activities.ts',
);
const file = folder.write(`
  type Acts = typeof import('./activities');
  const acts = activities<Acts>({ startToCloseTimeout: '1 minute' });
  const brief = activities<Acts>({ startToCloseTimeout: '12s' });
  export const Seen = datastore('Seen', { n: t.Int });
  export const short = worker('short', async () => acts.short());
  export const polite = worker('polite', async () => acts.polite());
  export const stubborn = worker('stubborn', async () => brief.stubborn());
  export const steps = worker('steps', async (_event: unknown, { id }) => {
    for (let n = 1; n <= 15; n++) {
      await Password.hash('text');
      await DB.set({ n }, id, Seen);
    }
    return 'all';
  });
`);

async function serve(grace: string): Promise<RunningCli> {
  const running = startCli(['worker', file, '--name', app.name], {
    env: { NIGHTSHIFT_SHUTDOWN_GRACE: grace },
  });
  await running.says('serving');
  return running;
}

const hasBegun = (name: string): Promise<unknown> =>
  until(
    () => existsSync(join(folder.path, `${name}.began`)),
    (there) => there,
  );

test('what ends within the grace time ends there, and nothing of it is done twice', async () => {
  const running = await serve('10s');
  const short = await app.client.emit(null, 'short');
  const steps = await app.client.emit(null, 'steps', { id: 'steps' });
  await hasBegun('short-1');
  await until(
    () => app.db.collection('Seen').countDocuments(),
    (count) => count === 1,
  );
  running.process.kill('SIGTERM');
  const { code } = await running.finished;
  expect(code).toBe(0);
  expect(await steps.status()).toBe('done'); // no other worker process is there
  const after = await serve('10s');
  expect(await short.result()).toBe(1);
  expect(await steps.result()).toBe('all');
  expect((await steps.describe()).attempts).toBe(1);
  expect(readdirSync(folder.path).filter((name) => name.startsWith('short-'))).toEqual([
    'short-1.began',
  ]);
  after.process.kill('SIGTERM');
  expect((await after.finished).code).toBe(0);
});

test.each([200, 600, 1000, 1500])(
  'a worker process that is told to stop %d ms after its start ends',
  async (ms) => {
    const running = startCli(['worker', file, '--name', app.name]);
    await wait(ms);
    running.process.kill('SIGTERM');
    const { code, err } = await running.finished;
    expect(err).not.toContain('code ');
    expect([0, null]).toContain(code); // null: before there was anything that could end in order
  },
);

test('an activity that goes on after the grace time is cancelled, and tried again elsewhere', async () => {
  const running = await serve('1s');
  const event = await app.client.emit(null, 'polite');
  await hasBegun('polite-1');
  const told = Date.now();
  running.process.kill('SIGTERM');
  expect((await running.finished).code).toBe(0);
  expect(Date.now() - told).toBeGreaterThan(900);
  const after = await serve('1s');
  expect(await event.result()).toBe(2);
  expect((await event.describe()).attempts).toBe(1); // the handler has not noticed
  after.process.kill('SIGTERM');
  await after.finished;
});

test('one that honours no cancellation is left alone, and tried again when it times out', async () => {
  const running = await serve('1s');
  const event = await app.client.emit(null, 'stubborn');
  await hasBegun('stubborn-1');
  running.process.kill('SIGTERM');
  const { code, err } = await running.finished;
  expect(code).toBe(1);
  expect(err).toContain('Activities went on after they were told to end');
  expect(err).toContain('NIGHTSHIFT_SHUTDOWN_GRACE');
  expect(err).toContain('code shutdown_forced');
  const after = await serve('1s');
  expect(await event.result()).toBe(2);
  after.process.kill('SIGTERM');
  await after.finished;
});
