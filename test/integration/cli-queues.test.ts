import { cli, startCli } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until, untilIs } from '../support/until';

const app = useApp();
const folder = useAppFolder();
const named = (...args: string[]): string[] => [...args, '--name', app.name];
const nightshift = (...args: string[]): ReturnType<typeof cli> => cli(named(...args));
const held = async (name: string): Promise<number> => (await app.client.queues.get(name)).held;

let worker: ReturnType<typeof startCli>;

beforeAll(async () => {
  const path = folder.write(`
    export const mail = worker('mail', async (event) => event);
    export const odd = worker('odd', { retry: { retries: 0 } }, async (n) => {
      if (n === 3 && !flag('repaired')) throw new RangeError('three');
    });
  `);
  worker = startCli(named('worker', path));
  await worker.says('serving');
}, 60_000);

afterAll(async () => {
  worker.process.kill('SIGINT');
  await worker.finished;
});

test('queues says that nothing was ever served, where nothing was', async () => {
  const { code, out, err } = await cli(['queues', '--name', `${app.name}-2`]);
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain('no worker process ever served this app');
});

test('pause holds, queues shows it with the reason, resume lets go, and the log tells of both', async () => {
  const paused = await nightshift('pause', 'mail', '--reason', 'server down', '--by', 'ops');
  expect(paused).toMatchObject({ code: 0, out: '' });
  expect(paused.err).toContain('‖ mail is paused');
  for (let n = 0; n < 3; n++) await app.client.emit(n, 'mail');
  await untilIs(() => held('mail'), 3);
  const table = (await nightshift('queues')).out;
  expect(table).toMatch(/^HANDLER +STATE +WAITING +RUNNING +FAILED +MISSING +HELD +OLDEST +WHY\n/);
  expect(table).toMatch(/\nmail +‖ pause +3 +0 +0 +0 +3 +[\d.]+ m?s +ops: server down\n/);
  expect(table).toMatch(/\nodd +▸ run /);
  expect(JSON.parse((await nightshift('queues', '--json')).out)).toMatchObject([
    { name: 'mail', state: 'pause', held: 3 },
    { name: 'odd', state: 'run' },
  ]);

  const resumed = await nightshift(
    'resume',
    'mail',
    '--rate',
    '50',
    '--canary',
    '1',
    '--by',
    'ops',
  );
  expect(resumed).toMatchObject({ code: 0, out: '' });
  expect(resumed.err).toContain('Resuming mail');
  expect(resumed.err).toContain('● mail: 3 events let go');
  const log = (await nightshift('queue', 'log', 'mail')).out;
  expect(log).toMatch(/pause +ops +server down\n.*canary +ops\n.*resume +ops\n/);
  expect(JSON.parse((await nightshift('queue', 'log', 'mail', '--json')).out)).toMatchObject([
    { action: 'pause' },
    { action: 'canary' },
    { action: 'resume' },
  ]);
});

test('block and unblock do the same for administrators, and resume does not take a block off', async () => {
  expect(JSON.parse((await nightshift('block', '*', '--json')).out)).toMatchObject({
    name: '*',
    state: 'block',
  });
  expect((await nightshift('queues')).out).toMatch(/odd +■ block .*all queues blocked/);
  await nightshift('pause', 'mail', '--reason', 'mine');
  await app.client.emit(1, 'mail');
  await untilIs(() => held('mail'), 1);
  const wrong = await nightshift('unblock', 'mail');
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('Queue "mail" is not blocked, it is blocked with all queues');
  expect(wrong.err).toContain(`nightshift unblock '*'`);
  const resumed = await nightshift('resume', 'mail');
  expect(resumed.code).toBe(1);
  expect(resumed.err).toMatch(/‖ 0 events let go, the others stay held: all queues blocked by/);
  expect((await nightshift('unblock', '*')).err).toContain('● all queues: 1 event let go');
});

test('a canary that fails leaves the queue paused, and says why', async () => {
  await nightshift('pause', 'odd');
  const event = await app.client.emit(3, 'odd');
  await untilIs(() => held('odd'), 1);
  const { code, err } = await nightshift('resume', 'odd', '--canary', '1');
  expect(code).toBe(1);
  expect(err).toContain(
    `odd stays paused: event "${event.id}" of the canary failed: RangeError: three`,
  );
  expect((await nightshift('resume', 'odd')).code).toBe(0);
});

test('redrive runs failed events again, and tells what it passed over', async () => {
  await until(
    () => app.client.events.count({ handler: 'odd' }),
    ({ error }) => error === 1,
  );
  await app.client.flags.set('repaired', true);
  const none = await nightshift('redrive', 'odd', '--text', 'four');
  expect(none).toMatchObject({ code: 0 });
  expect(none.err).toContain('no such event of "odd" in error');
  const { code, err } = await nightshift('redrive', 'odd', '--since', '1 hour');
  expect(code).toBe(0);
  expect(err).toContain('● odd: 1 of 1 redriven');
  const gone = await nightshift('redrive', 'odd', '--id', 'a', 'b');
  expect(gone.code).toBe(1);
  expect(gone.out).toMatch(/^EVENT +WHY\na +its history is gone\nb +its history is gone\n/);
  const missing = await nightshift('redrive', 'nobody', '--missing');
  expect(missing.code).toBe(1);
  expect(missing.err).toContain('No handler "nobody" is served');
});

test('Ctrl-C ends the bar, not the resume', async () => {
  await nightshift('pause', 'mail');
  for (let n = 0; n < 6; n++) await app.client.emit(n, 'mail');
  await untilIs(() => held('mail'), 6);
  const resume = startCli(named('resume', 'mail', '--rate', '2'));
  await resume.says('Resuming mail …');
  resume.process.kill('SIGINT');
  const { code, err } = await resume.finished;
  expect(code).toBe(130);
  expect(err).toContain('it goes on; to see it again: nightshift queues --watch');
  expect(await app.client.queues.drain('mail').result()).toMatchObject({ state: 'done' });
  expect(await held('mail')).toBe(0);
});

test('--watch shows counts until Ctrl-C, as one JSON list a line', async () => {
  const watch = startCli(named('queues', '--watch', '--json'));
  let out = '';
  watch.process.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await until(
    () => out.split('\n').length,
    (lines) => lines > 2,
  );
  watch.process.kill('SIGINT');
  expect((await watch.finished).code).toBe(0);
  for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toHaveLength(2);
});

test.each<[string, string[], number, string]>([
  ['a typo', ['pause', 'mial'], 1, 'did you mean "mail"?'],
  ['resume of what is not paused', ['resume', 'mail'], 1, 'Queue "mail" is not paused'],
  ['unblock of what is not blocked', ['unblock', 'mail'], 1, 'Queue "mail" is not blocked'],
  ['a log of a typo', ['queue', 'log', 'mial'], 1, 'did you mean "mail"?'],
])('%s is refused', async (_what, args, code, text) => {
  const result = await nightshift(...args);
  expect(result).toMatchObject({ code, out: '' });
  expect(result.err).toContain(text);
});
