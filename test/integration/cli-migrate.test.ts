import { startCli, cli } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';
import { Numbers } from './apps/migrate';

const RECORDS = 3_000;
const app = useApp();
const folder = useAppFolder();
const named = (...args: string[]): string[] => [...args, '--name', app.name];

const source = `
  export const Numbers = datastore('Numbers', { n: t.Int });
  export const Doubled = datastore('Doubled', { n: t.Int });
  const double = (n: number) => {
    if (n === 2_222 || n === 2_555) throw new RangeError('an odd one');
    return { n: 2 * n };
  };
  export const even = migration('even', Numbers, Doubled, ({ n }) => n === 1 ? undefined : { n: 2 * n });
  export const some = migration('some', Numbers, Doubled, ({ n }) => double(n));
  export const asked = worker('asked', async () => flag('new-mailer'));
`;

let worker: ReturnType<typeof startCli>;

beforeAll(async () => {
  await app.client.DB.set({ n: 0 }, '0000', Numbers);
  const rest = Array.from({ length: RECORDS - 1 }, (_, i) => i + 1);
  const records = rest.map((n) => ({
    ...{ _id: String(n).padStart(4, '0'), g: 1, r: 1, o: ['x'] },
    v: { n: BigInt(n) },
  }));
  await app.db.collection<{ _id: string }>('Numbers').insertMany(records);
  worker = startCli(named('worker', folder.write(source)));
  await worker.says('serving');
}, 60_000);

afterAll(async () => {
  worker.process.kill('SIGINT');
  await worker.finished;
});

describe('migrate', () => {
  it('tries all records with --dry-run, and lists those that would fail', async () => {
    const { code, out, err } = await cli(named('migrate', 'some', '--dry-run'));
    expect(code).toBe(1);
    expect(out).toContain('2,998 would be copied, 0 left out, 2 would fail');
    expect(out).toMatch(/RECORD +WHY\n2222 +an odd one\n2555 +an odd one/);
    expect(err).toContain('some: done');
    expect(await app.db.collection('Doubled').countDocuments()).toBe(0);
  });

  it('names the record that stopped it', async () => {
    const { code, err } = await cli(named('migrate', 'some'));
    expect(code).toBe(1);
    expect(err).toContain('stopped at record "2222" of datastore "Numbers": an odd one');
    expect(err).toContain('2222 of 3000 records were copied');
    expect(err).toContain('code migration_failed');
  });

  it('leaves it running at Ctrl-C, says so, and shows it again', async () => {
    const first = startCli(named('migrate', 'even'));
    await until(
      () =>
        app.client.migrations
          .get('even')
          .progress()
          .catch(() => undefined),
      (progress) => progress !== undefined,
    );
    await app.client.migrations.get('even').pause();
    await first.says('even …');
    first.process.kill('SIGINT');
    const { code, err } = await first.finished;
    expect({ code, err }).toEqual({
      code: 130,
      err: expect.stringContaining(
        'the migration goes on; to see it again: nightshift migrate even',
      ) as string,
    });
    await until(
      () => app.client.migrations.get('even').progress(),
      ({ state }) => state === 'paused', // after its present page
    );

    expect((await cli(named('migrate', 'even', '--dry-run'))).err).toContain(
      'runs already, and not as a dry run',
    );
    const again = startCli(named('migrate', 'even', '--json'));
    await again.says('it runs already');
    await app.client.migrations.get('even').resume();
    const { code: done, out } = await again.finished;
    expect(done).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      state: 'done',
      copied: 2_999,
      leftOut: 1,
      counts: { equal: true },
    });
  });

  it('says which migrations there are', async () => {
    const { code, err } = await cli(named('migrate', 'nope'));
    expect(code).toBe(1);
    expect(err).toContain('does not export migration "nope"; it exports: even, some');
  });
});

describe('flag and flags', () => {
  it('switch and list', async () => {
    expect((await cli(named('flags'))).err).toContain('no flag was set yet');
    expect(await cli(named('flag', 'new-mailer', 'on'))).toMatchObject({ code: 0 });
    expect((await cli(named('emit', 'asked', '--wait'))).out).toBe('true\n');
    await cli(named('flag', 'new-mailer', 'off'));
    expect((await cli(named('emit', 'asked', '--wait'))).out).toBe('false\n');
    expect((await cli(named('flags'))).out).toMatch(/new-mailer +off +[\d.]+ m?s ago/);
    expect(JSON.parse((await cli(named('flags', '--json'))).out)).toMatchObject([
      { name: 'new-mailer', on: false },
    ]);
  });

  it('refuse what is neither on nor off', async () => {
    const { code, err } = await cli(named('flag', 'new-mailer', 'maybe'));
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('on or off, got "maybe"') as string,
    });
  });
});
