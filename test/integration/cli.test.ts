import { cli, startCli } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';

const app = useApp();
const folder = useAppFolder();
const named = (...args: string[]): string[] => [...args, '--name', app.name];

describe('worker, emit and status', () => {
  it('serve an app, emit to it and show what became of it', async () => {
    const path = folder.write(
      `export const double = worker('double', async (n: number) => ({ twice: 2 * n }));`,
    );
    const worker = startCli(named('worker', path));
    await worker.says('1 worker, 0 crons, 0 datastores');

    const emitted = await cli(named('emit', 'double', '21', '--wait'));
    expect({ ...emitted, out: JSON.parse(emitted.out) as unknown }).toMatchObject({
      code: 0,
      out: { twice: 42 },
    });

    const fromStdin = await cli(named('emit', 'double', '-', '--wait', '--json', '--id', 'd-1'), {
      stdin: '4',
    });
    expect(JSON.parse(fromStdin.out)).toEqual({
      id: 'd-1',
      repeated: false,
      status: 'done',
      value: { twice: 8 },
    });

    const again = await cli(named('emit', 'double', '5', '--id', 'd-1'));
    expect(again).toMatchObject({ code: 0, out: 'd-1\n' });
    expect(again.err).toContain('accepted before');

    const typo = await cli(named('trace', 'list', 'duoble'));
    expect(typo.err).toContain('The app has no handler "duoble"; did you mean "double"?');
    const missing = await cli(named('emit', 'nobody', 'null', '--wait'));
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('The app has no handler "nobody"; its handlers: ');
    expect(missing.err).toContain('has no handler');

    const status = await cli(named('status', '--json'));
    expect(JSON.parse(status.out)).toMatchObject({
      name: app.name,
      processes: [{ identity: expect.stringContaining(String(worker.process.pid)) }],
      missing: [{ name: 'nobody', count: 1 }],
    });
    const table = await cli(named('status'));
    expect(table.out).toMatch(/NEW +LOCKED +DONE +ERROR +MISSING/);

    worker.process.kill('SIGINT');
    worker.process.kill('SIGINT'); // as below `npm run`: a key pressed once, that came twice
    expect((await worker.finished).code).toBe(0);
  }, 60_000);

  it('say in one message that a server does not answer, without the secrets of its address', async () => {
    const { code, err, out } = await cli(
      named('status', '--mongodb', 'mongodb://paul:s3cret@127.0.0.1:1'),
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('MongoDB does not answer at 127.0.0.1:1');
    expect(err).not.toContain('s3cret');
    expect(err).not.toContain('    at ');
  }, 60_000);
});

describe('dev', () => {
  it('reloads on save, serves the old code on where the new is broken, and ends with Ctrl-C', async () => {
    const version = (text: string): string =>
      folder.write(`export const say = worker('say', async () => '${text}');`);
    const path = version('one');
    folder.write('{ "name": "reload", "private": true }', 'package.json');
    const dev = startCli(named('dev', path), { cwd: folder.path });
    const say = async (): Promise<unknown> =>
      JSON.parse((await cli(['emit', 'say', '--wait'], { cwd: folder.path })).out);
    await dev.says('ready in');
    // without --name: the command finds the development server of its folder
    expect(await say()).toBe('one');

    version('two');
    await dev.says('reloaded app.ts');
    expect(await say()).toBe('two');

    folder.write('export const say = worker(');
    await dev.says('the code before this change serves on');
    expect(await say()).toBe('two');

    dev.process.kill('SIGINT');
    expect((await dev.finished).code).toBe(0);
  }, 90_000);
});

it('ends well where whoever reads its output has seen enough', async () => {
  const command = startCli(['--help']);
  command.process.stdout?.destroy();
  expect(await command.finished).toMatchObject({ code: 0, err: '' });
});
