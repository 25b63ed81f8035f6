import { setTimeout as wait } from 'node:timers/promises';
import { connect, type NightshiftClient } from 'nightshift/client';
import type { CreateWorkerOptions, NightshiftWorker } from 'nightshift/worker';
import { useAppFolder } from '../support/app-folder';
import { cli } from '../support/cli';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

jest.setTimeout(90_000);
const folder = useAppFolder();
const app = useApp();

/** What a version of the app's handlers returns, and what `runs` does after it has waited. */
const source = (version: string, before: string): string =>
  folder.write(`
  export const Seen = datastore('Seen', { n: t.Int });
  const { passes } = activities<{ passes(id: string): Promise<void> }>({ startToCloseTimeout: '1 minute' });
  export const runs = worker('runs', async (_event: unknown, { id }) => {
    ${before}
    await passes(id);
    const child = await emit(null, 'says');
    return { version: '${version}', child };
  });
  export const says = worker('says', async () => '${version}');
  export const held = worker('held', async () => '${version}');
  export const retries = worker('retries', async () => {
    if ('${version}' === 'v1') throw new Error('not repaired yet');
    return '${version}';
  });
`);
const V1 = '';
const OTHER_STEPS = `await DB.keys(Seen); await sleep('1 ms');`;

/** Lets activities of one name end when the test says so. */
const passed = new Map<string, () => void>();
const activities = {
  passes: (id: string): Promise<void> => new Promise((resolve) => passed.set(id, resolve)),
};
const pass = (id: string): void => passed.get(id)?.();
const isWaiting = (id: string): Promise<unknown> =>
  until(
    () => passed.has(id),
    (has) => has,
  );

const serve = (version: string, before: string, more: Partial<CreateWorkerOptions> = {}) =>
  app.startWorker({
    app: source(version, before),
    activities,
    retryDelay: '5 seconds',
    ...more,
  });

/** One event in the middle of its handler, one that is held, one that waits for its retry. */
async function begin(client: NightshiftClient, run: string): Promise<void> {
  await client.queues.pause('held', { reason: 'a deploy', by: 'test' });
  for (const handler of ['runs', 'held', 'retries'])
    await client.emit(null, handler, { id: `${handler}-${run}` });
  await isWaiting(`runs-${run}`);
  await until(
    () => client.events.get(`held-${run}`).describe(),
    ({ heldSince }) => heldSince !== undefined,
  );
  await until(
    () => client.events.get(`retries-${run}`).describe(),
    ({ errors }) => errors.length === 1,
  );
}

test('without build ids, what runs goes on with the new code if that fits, and waits for code that does', async () => {
  const { client } = app;
  const v1 = await serve('v1', V1);
  await begin(client, 'plain');
  const down = v1.shutdown();
  await wait(500);
  pass('runs-plain'); // within the grace time
  await down;
  const v2 = await serve('v2', OTHER_STEPS);

  expect(await (await client.emit(null, 'says')).result()).toBe('v2');
  await (await client.queues.resume('held')).result();
  expect(await client.events.get('held-plain').result()).toBe('v2');
  expect(await client.events.get('retries-plain').result()).toBe('v2');
  const { stuck } = await until(
    () => client.events.get('runs-plain').describe(),
    (described) => described.stuck !== undefined,
  );
  expect(stuck?.reason).toMatch(/nondetermini/i);

  await v2.shutdown();
  const v3 = await serve('v3', V1); // the steps of v1 again
  expect(await client.events.get('runs-plain').result()).toMatchObject({ version: 'v3' });
  await v3.shutdown();
});

describe('with build ids', () => {
  let v1: NightshiftWorker;
  let v2: NightshiftWorker;
  const deploy = async (build: string): Promise<void> => {
    const { code, err } = await cli(['deploy', build, '--name', app.name]);
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining(`events of ${app.name} begin on build ${build}`) as string,
    });
  };

  beforeAll(async () => {
    v1 = await serve('v1', V1, { buildId: 'v1' });
    await deploy('v1');
    await begin(app.client, 'built');
    v2 = await serve('v2', OTHER_STEPS, { buildId: 'v2' });
  });

  test('events begin on the build that was deployed, not on the one started last', async () => {
    const { client } = app;
    expect(await (await client.emit(null, 'says')).result()).toBe('v1');
    await deploy('v2');
    expect(await (await client.emit(null, 'says')).result()).toBe('v2');
  });

  test('an event stays on the build that began its handler; what it emits does not', async () => {
    const { client } = app;
    pass('runs-built');
    const { version, child } = (await client.events.get('runs-built').result()) as {
      version: string;
      child: string;
    };
    expect(version).toBe('v1');
    expect(await client.events.get(child).result()).toBe('v2');
  });

  test('a held event goes along to the build that is current when it is let go', async () => {
    const { client } = app;
    await (await client.queues.resume('held')).result();
    expect(await client.events.get('held-built').result()).toBe('v2');
  });

  test('a retry runs on the current build', async () => {
    expect(await app.client.events.get('retries-built').result()).toBe('v2');
  });

  test('when the old build is gone, its events are still there, their traces without arguments', async () => {
    const { attempts } = await app.client.traces.get('runs-built');
    expect(attempts[0]?.incomplete).toBeUndefined();
    await v1.shutdown();
    await using other = await connect({ name: app.name });
    const trace = await other.traces.get('runs-built');
    expect(trace.status).toBe('done');
    expect(trace.attempts[0]?.steps.map(({ name }) => name)).toEqual(['passes', 'Event::emit']);
    expect(trace.attempts[0]?.incomplete).toMatch(/./);
  });

  test('one may go back to an older build', async () => {
    v1 = await serve('v1', V1, { buildId: 'v1' });
    expect(await (await app.client.emit(null, 'says')).result()).toBe('v2');
    await deploy('v1');
    expect(await (await app.client.emit(null, 'says')).result()).toBe('v1');
    await v2.shutdown();
  });

  test('a build that nobody serves cannot be deployed', async () => {
    const { code, err } = await cli(['deploy', 'v9', '--name', app.name]);
    expect(code).toBe(1);
    expect(err).toContain(`App "${app.name}" has no worker process of build "v9"`);
    expect(err).toContain('NIGHTSHIFT_BUILD_ID=v9');
  });
});
