import pc from 'picocolors';
import { ASCII, type Io } from '../../../src/cli/io';
import { run } from '../../../src/cli/run';

interface Captured extends Io {
  readonly written: { out: string; err: string };
}

function capture(env: NodeJS.ProcessEnv = {}): Captured {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => (written.out += `${text}\n`),
    err: (text) => (written.err += `${text}\n`),
    stdin: () => Promise.resolve(''),
    env,
    cwd: __dirname,
    interactive: false,
    colors: pc.createColors(false),
    symbols: ASCII,
    signal: new AbortController().signal,
    send: () => {},
  };
}

describe('the command line', () => {
  it.each([
    ['--help'],
    ['-h'],
    ['help'],
    ['dev', '--help'],
    ['emit', '--help'],
    ['worker', '--help'],
    ['status', '--help'],
    ['migrate', '--help'],
    ['flags', '--help'],
    ['flag', '--help'],
    ['events', '--help'],
    ['missing', '--help'],
    ['crons', '--help'],
    ['cron', '--help'],
    ['queues', '--help'],
    ['queue', '--help'],
    ['pause', '--help'],
    ['resume', '--help'],
    ['block', '--help'],
    ['unblock', '--help'],
    ['redrive', '--help'],
    ['trace', '--help'],
    ['repl', '--help'],
    ['failures', '--help'],
    ['init', '--help'],
    ['check', '--help'],
  ])('shows help on stdout and ends with 0: %s %s', async (...argv) => {
    const io = capture();
    expect(
      await run(
        argv.filter((arg) => arg !== undefined),
        io,
      ),
    ).toBe(0);
    expect(io.written.out).toContain('Usage: nightshift');
    expect(io.written.err).toBe('');
  });

  it.each(['dev', 'emit', 'worker', 'status', 'migrate', 'flags', 'flag'])(
    'shows an example in the help of %s',
    async (command) => {
      const io = capture();
      await run([command, '--help'], io);
      expect(io.written.out).toMatch(new RegExp(`Example:\\n {2}nightshift ${command}`));
    },
  );

  it.each([
    ['no command', [], 'Usage: nightshift'],
    ['an unknown command', ['emitt'], 'Did you mean emit?'],
    ['an unknown option', ['status', '--jsn'], 'Did you mean --json?'],
    ['a missing argument', ['emit'], "missing required argument 'handler'"],
    ['an argument too many', ['status', 'now'], 'too many arguments'],
    ['an event that is no JSON', ['emit', 'onSignup', '{name:1}'], 'The event is no JSON'],
    ['a flag that is neither on nor off', ['flag', 'x', 'yes'], 'A flag can be on or off'],
    ['a rate that is no number', ['resume', 'x', '--rate', 'fast'], 'A rate is a number'],
    ['a rate of 0', ['resume', 'x', '--rate', '0'], 'above 0, got 0'],
    ['a rate below 0', ['redrive', 'x', '--rate', '-3'], 'above 0, got -3'],
    ['half a canary', ['resume', 'x', '--canary', '1.5'], 'whole number'],
    ['a reserved queue name', ['pause', 'nightshift.x'], 'must not start'],
    ['what a queue cannot do', ['queue', 'show', 'x'], 'A queue has a log'],
    ['a time that is none', ['redrive', 'x', '--since', 'soon'], 'A time is'],
    ['another time that is none', ['failures', '--since', 'soon'], 'A time is'],
    ['a reserved migration name', ['migrate', 'nightshift.x'], 'A migration name must not start'],
    ['a reserved handler name', ['emit', 'nightshift.x'], 'must not start with "nightshift."'],
    [
      'a port that is none',
      ['dev', __filename, '--mongodb-port', 'x', '--name', 'shop'],
      'A port is a whole number',
    ],
    ['an app name that cannot be one', ['status', '--name', 'a b'], 'An app name must be'],
  ])('answers %s with 2 and says what is wrong', async (_what, argv, text) => {
    const io = capture();
    expect(await run(argv, io)).toBe(2);
    expect(io.written.err).toContain(text);
    expect(io.written.out).toBe('');
  });

  it('answers a missing app file with 1, what to do, and no stack', async () => {
    const io = capture();
    expect(await run(['worker', 'nope.ts', '--name', 'shop'], io)).toBe(1);
    expect(io.written.err).toContain('x No app module at');
    expect(io.written.err).toContain('> give the file that exports your workers');
    expect(io.written.err).toContain('code app_not_found');
    expect(io.written.err).not.toContain('    at ');
  });

  it('shows the stack with --verbose', async () => {
    const io = capture();
    await run(['worker', 'nope.ts', '--name', 'shop', '--verbose'], io);
    expect(io.written.err).toContain('    at ');
  });

  it('writes an error as one JSON object with --json', async () => {
    const io = capture();
    expect(await run(['emit', 'nightshift.x', '--json'], io)).toBe(2);
    expect(JSON.parse(io.written.err)).toMatchObject({ error: { code: 'handler_name_invalid' } });
  });
});
