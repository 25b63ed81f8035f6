import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SavedTrace } from 'nightshift/testing';
import { cli, type Finished } from '../support/cli';
import { useAppFolder } from '../support/app-folder';
import { useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const SOURCE = `
export const Notes = datastore('Notes', { text: t.String });
export const child = worker('child', async (n: number) => n);
export const note = worker('note', async ({ text }: { text: string }) => {
  log.info('noted');
  await DB.set({ text }, 'k', Notes);
  await emit(1, child, { id: 'child-1' });
  return text.length;
});
`;
const file = folder.write(SOURCE);
const app = useApp(file);
const cwd = mkdtempSync(join(tmpdir(), 'nightshift-cli-'));
const run = (...args: string[]): Promise<Finished> => cli([...args, '--name', app.name], { cwd });

jest.setTimeout(60_000);
beforeAll(async () => {
  for (const id of ['note-1', 'note-2'])
    await (await app.client.emit({ text: id }, 'note', { id })).result();
  await until(
    () => app.client.traces.list('note'),
    (list) => list.length === 2,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('trace', () => {
  it('shows what an event did', async () => {
    const { code, out } = await run('trace', 'note-1');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toEqual([
      '● done  note-1  note',
      "event      { text: 'note-1' }",
      '',
      expect.stringMatching(/^attempt 1 {2}\d{4}-\d\d-\d\d [\d:.]+ {2}[\d.]+ m?s$/),
      '├─      info  noted',
      expect.stringMatching(/^├─ +[\d.]+ ms {2}DB::set { text: 'note-1' }, 'k', 'Notes'$/),
      expect.stringMatching(/^├─ +[\d.]+ ms {2}Event::emit 1, 'child', { id: 'child-1' }$/),
      '│    → nightshift trace child-1',
      '└─ value  6',
    ]);
  });

  it('leads back from what it emitted', async () => {
    const { out } = await run('trace', 'child-1');
    expect(out).toContain('\nemitted by note nightshift trace note-1\n');
  });

  it('prints one object for programs', async () => {
    const { out } = await run('trace', 'note-1', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ...{ id: 'note-1', handler: 'note', status: 'done', event: { text: 'note-1' } },
      attempts: [{ steps: [{ name: 'DB::set' }, { name: 'Event::emit' }], value: 6 }],
    });
  });

  it('of no such event says so', async () => {
    const { code, out, err } = await run('trace', 'gone');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('gone');
    const { out: json, err: error } = await run('trace', 'gone', '--json');
    expect(`${json}${error}`).toContain('event_not_found');
  });
});

describe('trace list', () => {
  it('lists the events of a handler that ended last, newest first', async () => {
    const { code, out } = await run('trace', 'list', 'note');
    expect(code).toBe(0);
    const [, ...lines] = out.trimEnd().split('\n');
    expect(lines.map((line) => /note-\d/.exec(line)?.[0])).toEqual(['note-2', 'note-1']);
    const { out: json } = await run('trace', 'list', 'note', '--limit', '1', '--json');
    expect(JSON.parse(json)).toMatchObject([{ id: 'note-2', status: 'done' }]);
  });

  it('of a handler without any says so', async () => {
    expect(await run('trace', 'list', 'nobody')).toEqual({
      ...{ code: 0, out: '' },
      err: 'no event of nobody has ended yet\nThe app has no handler "nobody"; its handlers: child, note\n',
    });
  });

  it.each([
    [['list'], '"trace list" needs a name'],
    [['save'], '"trace save" needs a name'],
    [['list', 'note', '--limit', 'many'], 'many'],
  ])('%j is wrongly used', async (args, message) => {
    const { code, err } = await run('trace', ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('trace save', () => {
  it('writes a file that a test can replay, into test/traces', async () => {
    const { code, out } = await run('trace', 'save', 'note-1');
    expect([code, out]).toEqual([0, `${join('test', 'traces', 'note.note-1.json')}\n`]);
    const saved = JSON.parse(readFileSync(join(cwd, out.trim()), 'utf8')) as SavedTrace;
    expect(saved).toMatchObject({ format: 1, id: 'note-1', handler: 'note', app: app.name });
  });

  it('writes it elsewhere with --to', async () => {
    await run('trace', 'save', 'note-2', '--to', 'elsewhere');
    expect(readdirSync(join(cwd, 'elsewhere'))).toEqual(['note.note-2.json']);
  });

  it('of no such event writes nothing', async () => {
    const { code } = await run('trace', 'save', 'gone', '--to', 'nowhere');
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'nowhere'))).toBe(false);
  });
});

describe('replay', () => {
  const changed = (from: string, to: string): string => {
    if (!SOURCE.includes(from)) throw new Error(`The app has no "${from}"`);
    const head = readFileSync(file, 'utf8').split('\n')[0] ?? '';
    return folder.write(`${head}${SOURCE.replace(from, to)}`, 'changed.ts');
  };

  it('with --dry-run shows that nothing differs, and exits with 0', async () => {
    const { code, out, err } = await run('replay', 'note-1', file, '--dry-run');
    expect([code, err]).toEqual([0, '']);
    expect(out.trimEnd().split('\n')).toEqual([
      'dry run of note-1  note  attempt 1; nothing was written, emitted or called',
      '',
      '  DB::set [{"text":"note-1"},"k","Notes"]',
      '  Event::emit [1,"child",{"id":"child-1"}]',
      '  value 6',
      '',
      '● it would do the same',
    ]);
  });

  it('shows what differs, and exits with 1', async () => {
    const path = changed(`'k', Notes`, `text, Notes`);
    const { code, out } = await run('replay', 'note-1', path, '--dry-run');
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n').slice(2)).toEqual([
      '- DB::set [{"text":"note-1"},"k","Notes"]',
      '+ DB::set [{"text":"note-1"},"note-1","Notes"]',
      '  Event::emit [1,"child",{"id":"child-1"}]',
      '  value 6',
      '',
      '✕ it would do otherwise',
    ]);
    const { out: json } = await run('replay', 'note-1', path, '--dry-run', '--json');
    expect(JSON.parse(json)).toMatchObject({ id: 'note-1', differs: true, value: 6 });
  });

  it('without --dry-run is wrongly used, and says what to use', async () => {
    const { code, out, err } = await run('replay', 'note-1', file);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('nightshift replay note-1 --dry-run');
    expect(err).toContain('nightshift redrive');
  });

  it('without an app says which file it looked for', async () => {
    const { code, err } = await run('replay', 'note-1', '--dry-run');
    expect(code).toBe(1);
    expect(err).toContain('No app module at "app.ts"');
  });
});
