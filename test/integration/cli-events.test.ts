import { startCli, cli } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const app = useApp(
  folder.write(`
  export const push = worker('github.push', { retry: { retries: 0 } }, async (n: number) => {
    if (n % 2 === 1) throw new RangeError('odd:\\n' + n);
    return n;
  });
  export const report = cron('report', { cron: '0 9 * * MON', timezone: 'Europe/Berlin' }, async () => 'reported');
  export const purge = cron('purge', 'Daily', async () => 1);
`),
);
const run = (...args: string[]) => cli([...args, '--name', app.name]);
const json = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await run(...args, '--json')).out);

beforeAll(async () => {
  for (let n = 0; n < 4; n++) {
    await (await app.client.emit(n, 'github.push', { id: `push-${n}` })).result().catch(() => {});
  }
  for (let n = 0; n < 2; n++) {
    await (
      await app.client.emit({ n }, 'github.star', { id: `star-${n}` })
    )
      .result()
      .catch(() => {});
  }
  await until(
    () => app.client.events.count(),
    ({ done, error, missing }) => done >= 3 && error === 2 && missing === 2,
  );
});

describe('events', () => {
  it('lists them with their errors on one line', async () => {
    const { code, out } = await run('events', '--handler', 'github.push');
    expect(code).toBe(0);
    const [head, ...lines] = out.trimEnd().split('\n');
    expect(head).toMatch(/^STATUS +EVENT +HANDLER +AGE +ERROR$/);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^✕ error +push-3 +github\.push +[\d.]+ m?s +odd: 3$/);
    expect(lines[1]).toMatch(/^● done +push-2 +github\.push +[\d.]+ m?s$/);
  }, 60_000);

  it('prints one list for programs', async () => {
    expect(await json('events', '--status', 'error', '--limit', '1')).toEqual([
      expect.objectContaining({ id: 'push-3', handler: 'github.push', status: 'error' }),
    ]);
    expect(await json('events', '--handler', 'nobody')).toEqual([]);
    expect(await run('events', '--handler', 'nobody')).toEqual({
      code: 0,
      out: '',
      err: 'no such event\nThe app has no handler "nobody"; its handlers: github.push, purge, report\n',
    });
  }, 60_000);

  it('shows them anew with --watch, a line each time they change, until Ctrl-C', async () => {
    const watching = startCli(
      ['events', '--handler', 'watched', '--watch', '--json', '--name', app.name],
      {},
    );
    let out = '';
    watching.process.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await until(
      () => out,
      (text) => text === '[]\n',
    );
    await app.client.emit(1, 'watched', { id: 'w-1', delay: '1 hour' });
    await until(
      () => out,
      (text) => text.split('\n').length === 3,
    );
    watching.process.kill('SIGINT');
    expect(await watching.finished).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(out.split('\n')[1] ?? '')).toMatchObject([{ id: 'w-1', status: 'new' }]);
  }, 60_000);

  it.each([
    [['--status', 'odd'], 'There is no status "odd"'],
    [['--limit', '0'], '--limit must be a whole number from 1 to 1000'],
    [['--limit', 'many'], '--limit must be'],
  ])(
    'refuses %j',
    async (args, text) => {
      const { code, out, err } = await run('events', ...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(text);
    },
    60_000,
  );
});

describe('missing', () => {
  it('shows the list, one of it, and a worker for it', async () => {
    expect((await run('missing')).out).toMatch(
      /^MISSING HANDLER +EVENTS +FIRST +LAST +NEWEST EVENT\ngithub\.star +2 .*\{"n":1\}\n$/,
    );
    expect(await json('missing')).toMatchObject([{ name: 'github.star', count: 2 }]);
    const one = await run('missing', 'github.star');
    expect(one.out).toMatch(/github\.star +2 events/);
    expect(one.out).toMatch(/star-1 +\{"n":1\}\nstar-0 +\{"n":0\}/);
    expect(await json('missing', 'github.star')).toMatchObject({
      events: [{ id: 'star-0' }, { id: 'star-1', event: { n: 1 } }],
    });
    expect((await run('missing', 'github.star', '--stub')).out).toContain('      n: t.Int,\n');
  }, 60_000);

  it('takes a name off the list, and refuses what is not on it', async () => {
    expect(await run('missing', 'github.star', '--forget')).toEqual({
      code: 0,
      out: '',
      err: '● github.star is off the list\n',
    });
    expect(await run('missing')).toEqual({ code: 0, out: '', err: 'every event has a handler\n' });
    expect(await run('missing', 'github.star')).toMatchObject({
      code: 1,
      err: expect.stringContaining('code missing_not_found') as string,
    });
    expect(await run('missing', '--stub')).toMatchObject({ code: 2 });
  }, 60_000);
});

describe('crons and cron', () => {
  it('pauses with a reason, says so in the list, resumes', async () => {
    expect(
      await run('cron', 'pause', 'report', '--reason', 'the warehouse is down', '--by', 'paul'),
    ).toEqual({ code: 0, out: '', err: '‖ report is paused\n' });
    const { out } = await run('crons');
    expect(out).toMatch(/^CRON +STATE +WHEN +NEXT +LAST +RUNS +PAUSED\n/);
    expect(out).toMatch(/purge +▸ run +Daily +in 24 h +[\d.]+ m?s ago +●/);
    expect(out).toMatch(
      /report +‖ pause +0 9 \* \* MON \(Europe\/Berlin\) .* ago by paul: the warehouse is down\n/,
    );
    expect((await run('cron', 'pause', 'report', '--by', 'eva')).err).toMatch(
      /^it was paused already: [\d.]+ m?s ago by paul: the warehouse is down\n‖ report is paused\n$/,
    );
    expect(await json('crons')).toMatchObject([
      { name: 'purge', state: 'run', runs: [{ status: 'done' }] },
      { name: 'report', state: 'pause', paused: { by: 'eva' } },
    ]);
    expect((await run('cron', 'resume', 'report')).err).toMatch(/^▸ report runs, next at 2/);
    expect((await run('cron', 'resume', 'report')).err).toContain('it was not paused\n');
  }, 60_000);

  it('runs one now', async () => {
    const { id } = (await json('cron', 'run', 'report')) as { id: string };
    expect(await app.client.events.get(id).result()).toBe('reported');
  }, 60_000);

  it.each([
    [['run', 'repot'], 1, 'has no cron "repot"\n  → there are: purge, report'],
    [['stop', 'report'], 2, 'can be told to run, pause or resume, not "stop"'],
    [['run', ''], 2, 'A cron name must not be empty'],
  ])(
    'refuses %j',
    async (args, code, text) => {
      const { code: actual, out, err } = await run('cron', ...args);
      expect({ code: actual, out }).toEqual({ code, out: '' });
      expect(err).toContain(text);
    },
    60_000,
  );
});
