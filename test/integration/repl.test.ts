import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { connect } from 'nightshift/client';
import { loadExports } from '../../src/app/load-app';
import { ASCII } from '../../src/cli/io';
import { runRepl } from '../../src/repl/run-repl';
import { cli, type Finished } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { proxyTo } from '../support/proxy';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const path = folder.write(`
  export const Users = datastore('Users', { name: t.String, age: t.Int });
  export const Pets = datastore('Pets', { owner: t.String });
  export const onSignup = worker('onSignup', async (event: { name: string }, { id }) => {
    await DB.set({ name: event.name, age: 1 }, id, Users);
    return 'hello ' + event.name;
  });
`);
const app = useApp(path);

beforeEach(async () => {
  const { Users } = (await loadExports(path)) as { Users: never };
  await app.client.DB.deleteAll(Users);
  for (const [key, age] of [
    ['eva', 31],
    ['paul', 29],
    ['tom', 70],
  ] as const)
    await app.client.DB.set({ name: key.toUpperCase(), age }, key, Users);
});

describe('lines from a pipe', () => {
  const repl = (lines: string, ...more: string[]): Promise<Finished> =>
    cli(['repl', path, '--name', app.name, ...more], { stdin: lines });

  it('prints values, tables and traces without a prompt, and ends with 0', async () => {
    const { code, out, err } = await repl(`
min = 30
const { max } = await Promise.resolve({ max: 60 })
DB.query(Users, (u) => u.age > min && u.age < max)
DB.queryWithKey(Users, ({ age }: { age: number }) => age < min)
function double(n) {
  return 2 * n
}
double(await DB.count(Users))
event = await emit({ name: 'Zoe' }, onSignup, { id: 'signup-1' })
event.result()
trace('signup-1')
(await queues.list()).map(({ name, state }) => ({ name, state }))
.exit
nothing after it`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [before, trace] = out.split('● done  signup-1  onSignup\n');
    expect(before).toBe(
      [
        '30',
        'NAME  AGE',
        'EVA    31',
        'KEY   NAME  AGE',
        'paul  PAUL   29',
        '6',
        'event signup-1',
        "'hello Zoe'",
        '',
      ].join('\n'),
    );
    expect(trace).toMatch(
      /DB::set \{ name: 'Zoe', age: 1 \}, 'signup-1', 'Users'\n[^]*value {2}'hello Zoe'\n/,
    );
    expect(trace).toMatch(/NAME +STATE\nonSignup +run\n$/);
  }, 60_000);

  it('goes on after every mistake, shows it as every command does, and ends with 1', async () => {
    const { code, out, err } = await repl(`
DB.query(Users, (u) => u.ago > 3)
DB.query(Users, (u) => random() > 3)
DB.set({ name: 'Paul' }, 'paul', Users)
a b
throw new RangeError('odd')
setTimeout(() => { throw new Error('late') }, 1); await new Promise((resolve) => setTimeout(resolve, 50))
void Promise.reject(new Error('nobody waits'))
DB.deleteAll(Users)
DB.count(Users)
foo(`);
    expect({ code, out }).toEqual({ code: 1, out: '3\n' });
    expect(err).toContain(`Datastore "Users" has no field "ago"; fields: age, name

  1 | (u) => u.ago > 3
    |        ^^^^^
  code query_invalid
`);
    expect(err).toContain('1 | (u) => random() > 3\n    |        ^^^^^^^^\n');
    for (const text of [
      'did not find: [age]',
      '1 | a b\n    |  ^',
      'RangeError: odd',
      'Error: late',
      'Error: nobody waits',
    ])
      expect(err).toContain(text);
    expect(err).toContain(
      'Nobody is there to be asked: Delete 3 records of Users?\n  → start with --yes',
    );
    expect(err).toContain('The line is not complete');
  }, 60_000);

  it('says what changed where a datastore holds data of another schema, and goes on', async () => {
    const other = folder.write(
      `import { datastore, t } from 'nightshift';\nexport const Users = datastore('Users', { name: t.String });\n`,
      'other.ts',
    );
    const lines = "DB.set({ name: 'Ben' }, 'ben', Users)\nDB.keys(Users)";
    const { code, out, err } = await cli(['repl', other, '--name', app.name], { stdin: lines });
    expect({ code, out }).toEqual({ code: 1, out: "[ 'eva', 'paul', 'tom' ]\n" });
    expect(err).toContain(
      'Datastore "Users" holds data of another schema:\n    age: is gone, was Int',
    );
    expect(err).toContain('code schema_locked');
  }, 60_000);

  it('asks nothing with --yes', async () => {
    const { code, out } = await repl('DB.deleteAll(Users)\nDB.count(Users)', '--yes');
    expect({ code, out }).toEqual({ code: 0, out: '0\n' });
  }, 60_000);

  it('ends with 1 where there is no app or no server', async () => {
    expect(await cli(['repl', 'nope.ts', '--name', app.name])).toMatchObject({
      code: 1,
      err: expect.stringContaining('code app_not_found') as string,
    });
    expect(await repl('1', '--mongodb', 'mongodb://127.0.0.1:1/')).toMatchObject({
      code: 1,
      err: expect.stringContaining('code mongodb_unreachable') as string,
    });
  }, 60_000);
});

describe('a person at a terminal', () => {
  const state = mkdtempSync(join(tmpdir(), 'nightshift-repl-'));
  const historyFile = join(state, 'new', 'history');
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  interface Person {
    /** Types keys, and waits until the terminal shows what fits; all that it showed since. */
    type(keys: string, shows: string | RegExp): Promise<string>;
    /** Ctrl-D. */
    leave(): Promise<boolean>;
  }

  const sitDown = async (client = app.client): Promise<Person> => {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = '';
    output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    const print = (text: string): void => void output.write(`${text}\n`);
    const ended = runRepl({
      ...{
        client,
        appPath: path,
        exports: await loadExports(path),
        input,
        output,
        historyFile,
      },
      ...{ terminal: true, yes: false, verbose: false },
      io: {
        ...{ out: print, err: print, stdin: () => Promise.resolve(''), env: {}, cwd: folder.path },
        ...{ interactive: true, colors: pc.createColors(false), symbols: ASCII, send: () => {} },
        signal: new AbortController().signal,
      },
    });
    const person: Person = {
      async type(keys, shows) {
        shown = '';
        input.write(keys);
        await until(
          () => shown,
          (text) => (typeof shows === 'string' ? text.includes(shows) : shows.test(text)),
        );
        return shown;
      },
      leave: () => {
        input.write(CTRL_D);
        return ended;
      },
    };
    await person.type('"hi" + 1\r', "'hi1'");
    return person;
  };
  const [CTRL_C, CTRL_D, TAB, UP] = ['\x03', '\x04', '\t', '\x1b[A'];

  it('completes fields, functions and names', async () => {
    const person = await sitDown();
    await person.type(
      `DB.query(Users, (u) => u.n${TAB} === 'EVA')\r`,
      /u\.name === 'EVA'[^]*NAME +AGE\n.*EVA +31\n/,
    );
    await person.type(`DB.queryC${TAB}(Use${TAB}, ({ ag${TAB} }) => age > 30)\r`, /\n2\n/);
    await person.type(`DB.query(Users, (u) => u.${TAB}${TAB}`, /name/);
    await person.type(CTRL_C, '> ');
    expect(await person.leave()).toBe(true);
  }, 60_000);

  it('asks before all records of a datastore are deleted', async () => {
    const person = await sitDown();
    await person.type('DB.deleteAll(Users)\r', 'Delete 3 records of Users? (y/N)');
    await person.type('n\r', /DB\.deleteAll\(Users\) was not done[^]*> /);
    await person.type('await DB.deleteAll(Users)\r', '(y/N)');
    await person.type(CTRL_C, /Cancelled[^]*> /);
    await person.type('DB.count(Users)\r', /\n3\n[^]*> /);
    const both = 'await Promise.all([DB.deleteAll(Users), client.DB.deleteAll(Pets)]); 7\r';
    await person.type(both, 'Delete 3 records of Users? (y/N)');
    await person.type('y\r', 'Delete no records of Pets? (y/N)');
    await person.type('y\r', /\n7\n[^]*> /);
    await person.type('client.DB.deleteAll(Users)\r', '(y/N)');
    await person.type('yes\r', '> ');
    await person.type('DB.count(Users)\r', /\n0\n[^]*> /);
    await person.leave();
  }, 60_000);

  it('asks before a name leaves the 404 list', async () => {
    await (await app.client.emit(1, 'nobody')).result().catch(() => {});
    const person = await sitDown();
    await person.type(
      'missing.forget("nobody")\r',
      'Take "nobody", with 1 event, off the 404 list? (y/N)',
    );
    await person.type('\r', 'was not done');
    await person.type('missing.forget("nobody")\r', '(y/N)');
    await person.type('y\r', '> ');
    await person.type('missing.list()\r', '[]');
    await person.leave();
  }, 60_000);

  it('ends the waiting with Ctrl-C, and the line that is typed', async () => {
    const person = await sitDown();
    await person.type('await new Promise(() => {})\r', '\n');
    await person.type(CTRL_C, /Cancelled; what was begun goes on[^]*> /);
    await person.type('no such line', 'line');
    await person.type(`${CTRL_C}1 + 1\r`, /\n2\n/);
    await person.leave();
  }, 60_000);

  it('runs pasted lines one after the other, statements over several lines too', async () => {
    const person = await sitDown();
    const text =
      'list = []\rawait DB.count(Users)\rfor (const n of [1, 2]) {\r  list.push(n)\r}\rlist.push(3)\rlist.join("+")\r';
    await person.type(text, "'1+2+3'");
    await person.leave();
  }, 60_000);

  it('goes on after a mistake, and after an error that no line waits for', async () => {
    const person = await sitDown();
    await person.type('nope\r', /ReferenceError: nope is not defined[^]*> /);
    await person.type('a b\r', /code usage[^]*> /);
    await person.type('setTimeout(() => { throw new Error("late") }, 1); 5\r', /Error: late/);
    await person.type('Promise.reject(new Error("nobody waits")); 6\r', /Error: nobody waits/);
    await person.type('"still " + "here"\r', 'still here');
    await person.leave();
  }, 60_000);

  it('goes on when a server is away, and when it is there again', async () => {
    const { host, searchParams } = new URL(process.env['MONGODB_URI'] ?? '');
    const proxy = await proxyTo(host);
    const uri = `mongodb://${proxy.address}/?directConnection=true&serverSelectionTimeoutMS=500&${searchParams.toString()}`;
    await using client = await connect({ name: app.name, mongodb: { uri } });
    const person = await sitDown(client);
    await person.type('DB.count(Users)\r', /\n3\n[^]*> /);
    proxy.cut();
    await person.type('DB.count(Users)\r', /ECONN|closed[^]*> /);
    proxy.mend();
    await person.type('DB.count(Users)\r', /\n3\n[^]*> /);
    await person.leave();
    proxy.close();
  }, 60_000);

  it('lists what is in scope with .help, the app’s definitions too', async () => {
    const person = await sitDown();
    const help = await person.type('.help\r', /Ctrl-D/);
    for (const name of [
      'DB',
      'emit',
      'emitMany',
      'failures',
      'datastores',
      'trace',
      'events',
      'queues',
      'crons',
      'missing',
      'flags',
      'client',
    ])
      expect(help).toMatch(new RegExp(`^${name} `, 'm'));
    expect(help).toMatch(/^Users +datastore +name: String, age: Int$/m);
    await person.leave();
  }, 60_000);

  it('keeps lines for the next time, but no answers', async () => {
    const person = await sitDown();
    await person.type('"one " + "line"\r', 'one line');
    await person.type('DB.deleteAll(Users)\r', '(y/N)');
    await person.type('no\r', '> ');
    await person.leave();
    await until(
      () => existsSync(historyFile) && readFileSync(historyFile, 'utf8'),
      (text) => String(text).startsWith('DB.deleteAll(Users)\n"one " + "line"\n'),
    );
    const later = await sitDown();
    await later.type(`${UP}${UP}${UP}\r`, "'one line'");
    await later.leave();
  }, 60_000);
});
