import { readFileSync } from 'node:fs';
import { createDryRun, type DryRun } from '../../src/rerun/dry-run';
import { Users } from './apps/dry-run';
import { useAppFolder } from '../support/app-folder';
import { appPath, useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const SOURCE = readFileSync(appPath('dry-run.ts'), 'utf8');
let charged = 0;
const app = useApp('dry-run.ts', {
  retryDelay: 10,
  activities: { charge: async (cents: number) => `receipt ${cents} ${++charged}` },
});
jest.setTimeout(60_000); // each changed app is bundled anew

beforeAll(() =>
  until(
    () => app.client.traces.list('hourly'), // it runs at once, and writes
    (list) => list.length > 0,
  ),
);

async function ended(event: unknown, handler: string): Promise<string> {
  const emitted = await app.client.emit(event, handler);
  await emitted.result().catch(() => {});
  return emitted.id;
}

/** All that is stored anywhere for the app. */
async function everything(): Promise<string> {
  const collections = await app.db.listCollections().toArray();
  const names = collections.map(({ name }) => name).sort();
  const documents = names.map(async (name) => [
    name,
    await app.db.collection(name).find().toArray(),
  ]);
  return JSON.stringify([await Promise.all(documents), charged]);
}

/** Proves, too, that nothing was done. */
async function dryRun(id: string, path = appPath('dry-run.ts')): Promise<DryRun> {
  const before = await everything();
  const deps = { traces: app.client.traces, db: app.db, app: app.name, appPath: path };
  const result = await createDryRun(deps).run(id);
  expect(await everything()).toBe(before);
  for (const { name, args, past } of result.steps) {
    if (name !== 'Event::emit' || past !== undefined) continue;
    const [, , emitted] = args as [unknown, unknown, { id: string }];
    const status = app.client.events.get(emitted.id).status();
    await expect(status).rejects.toMatchObject({ code: 'event_not_found' });
  }
  return result;
}

function changed(from: string, to: string): string {
  if (!SOURCE.includes(from)) throw new Error(`The app has no "${from}"`);
  return folder.write(SOURCE.replace(from, to), 'changed.ts');
}

/** What would be otherwise, as text. */
const differences = ({ lines }: DryRun): string[] =>
  lines.flatMap(({ kind, text }) =>
    kind === 'same' ? [] : [`${kind === 'gone' ? '-' : '+'} ${text}`],
  );

describe('a dry run', () => {
  test('of the code and the data of then does the same, and nothing', async () => {
    const id = await ended('same', 'signup');
    await app.client.DB.delete('same', Users);
    const result = await dryRun(id);
    expect(differences(result)).toEqual([]);
    expect(result).toMatchObject({
      ...{ id, handler: 'signup', attempt: 1, differs: false, notes: [] },
      notDone: [{ name: 'charge', args: [5], answer: 'past' }],
      value: { receipt: expect.stringMatching(/^receipt 5 \d+$/) as string },
    });
    expect(result.lines.map(({ text }) => text.split(' ')[0])).toEqual([
      ...['DB::set', 'Event::emit', 'DB::add', 'value'],
    ]);
  });

  test('reads the data of now', async () => {
    const id = await ended('paul', 'signup');
    expect(differences(await dryRun(id))).toEqual([
      '- DB::set [{"name":"paul","logins":1},"paul","Users"]',
      '+ DB::set [{"name":"paul","logins":2},"paul","Users"]',
    ]);
  });

  test('runs the code of now', async () => {
    const id = await ended('ann', 'signup');
    await app.client.DB.delete('ann', Users);
    const path = changed(
      'const id = await emit({ name, receipt }, child);',
      `await DB.delete('old', Users); const id = await emit({ name }, child, { id: 'never' });`,
    );
    const result = await dryRun(id, path);
    expect(result.differs).toBe(true);
    expect(differences(result)).toEqual([
      expect.stringMatching(/^- Event::emit \[\{"name":"ann"/),
      '+ DB::delete ["old","Users"]',
      '+ Event::emit [{"name":"ann"},"child",{"id":"never"}]',
      expect.stringMatching(/^- value \{"id":"[-0-9a-f]{36}",/),
      expect.stringMatching(/^\+ value \{"id":"never",/),
    ]);
  });

  test('does not call an activity that the past run did not, and ends there', async () => {
    const id = await ended('eve', 'signup');
    await app.client.DB.delete('eve', Users);
    const result = await dryRun(id, changed('charge(5)', 'charge(6)'));
    expect(result.stopped).toBe('It waits for an answer that the past run does not have: charge');
    expect(result.notDone).toEqual([
      { kind: 'activity', name: 'charge', args: [6], answer: 'none' },
    ]);
    expect(result.differs).toBe(true);
  });

  test('finds its own writes where it reads by key', async () => {
    await app.client.DB.set({ name: 'other', logins: 0 }, 'other', Users);
    const result = await dryRun(await ended(null, 'own'));
    expect(differences(result)).toEqual([]);
    expect(result.value).toEqual([2, ['own', 'other'], null]);
  });

  test('says so where a query did not find them', async () => {
    const id = await ended(null, 'counts');
    await app.client.DB.delete('counted', Users);
    const result = await dryRun(id);
    expect(differences(result)).toEqual(['- value 1', '+ value 0']);
    expect(result.notes).toEqual([
      'Queries of "Users" did not find what the run itself wrote before them',
    ]);
  });

  test('refuses a record as a real run would', async () => {
    const id = await ended(1, 'caught');
    const result = await dryRun(id, changed("{ name: 'c', logins }", "{ name: 'c', logins: 1.5 }"));
    expect(result.value).toBe('record_invalid');
    expect(differences(result)).toEqual([
      '- DB::set [{"name":"c","logins":1},"c","Users"]',
      '+ DB::set [{"name":"c","logins":1.5},"c","Users"]',
      '- value "written"',
      '+ value "record_invalid"',
    ]);
  });

  test('checks passwords, and shows none', async () => {
    const id = await ended('hunter2', 'secret');
    const result = await dryRun(id);
    expect(result.value).toBe(true); // the past run has stored it
    expect(differences(result)).toEqual(['- value false', '+ value true']);
    expect(JSON.stringify(result)).not.toMatch(/argon2|hunter2/);
  });

  test('of steps side by side gives each its own answer', async () => {
    await app.client.DB.set({ name: 'y', logins: 7 }, 'y', Users);
    const id = await ended(null, 'parallel');
    for (const key of ['x-0', 'y-7', 'z-0']) await app.client.DB.delete(key, Users);
    const result = await dryRun(id);
    expect(differences(result)).toEqual([]);
    expect(result.value).toEqual(['x', null, 'z']);
  });

  test('of many reads comes to its end', async () => {
    const id = await ended(60, 'reads');
    await app.client.DB.set({ name: 'u', logins: 1 }, 'user-59', Users);
    expect(await dryRun(id)).toMatchObject({ value: 1, differs: true });
  });

  test('of a handler that throws now tells the error', async () => {
    const id = await ended('t', 'signup');
    const path = changed(
      'const receipt =',
      `throw new RangeError('not any more'); const receipt =`,
    );
    const result = await dryRun(id, path);
    expect(result).toMatchObject({ error: { type: 'RangeError', message: 'not any more' } });
    expect(differences(result).at(-1)).toBe('+ error RangeError: not any more');
  });

  test('of a retried event makes the last attempt again', async () => {
    expect(await dryRun(await ended(null, 'retried'))).toMatchObject({
      attempt: 2,
      differs: false,
    });
  });

  test('of a cron has the moment at which it was due', async () => {
    const [run] = await app.client.traces.list('hourly');
    const { lines } = await dryRun(run?.id ?? '');
    expect(lines[0]).toEqual({
      kind: 'same',
      text: expect.stringMatching(
        /^DB::set \[\{"name":"\d{4}-.*Z","logins":0\},"hourly"/,
      ) as string,
    });
  });

  test('of an endless loop is cut', async () => {
    const id = await ended('l', 'child');
    const path = changed('async (event: unknown) => event', 'async () => { for (;;) {} }');
    expect((await dryRun(id, path)).stopped).toContain('endless loop');
  });

  test('says so where the arguments of then are not known', async () => {
    const id = await ended('unknown', 'signup');
    await app.client.DB.delete('unknown', Users);
    const traces = {
      ...app.client.traces,
      save: async () => {
        const trace = await app.client.traces.save(id);
        const runs = trace.runs.map((run) => ({
          ...run,
          expected: { ...run.expected, steps: run.expected.steps.map(({ name }) => ({ name })) },
        }));
        return { ...trace, runs };
      },
    };
    const deps = { traces, db: app.db, app: app.name };
    const same = await createDryRun({ ...deps, appPath: appPath('dry-run.ts') }).run(id);
    expect(differences(same)).toEqual([]);
    expect(same.notes).toEqual([
      expect.stringContaining('Arguments of the past run are not known'),
    ]);
    const path = changed('+ 1 }, name, Users)', `+ 1 }, 'another', Users)`);
    expect(differences(await createDryRun({ ...deps, appPath: path }).run(id))).toEqual([
      '- DB::set Users "unknown"',
      '+ DB::set [{"name":"unknown","logins":1},"another","Users"]',
    ]);
  });
});

describe('is refused:', () => {
  test('an event whose handler the app no longer has', async () => {
    const id = await ended('h', 'child');
    await expect(dryRun(id, changed(`worker('child'`, `worker('kid'`))).rejects.toMatchObject({
      code: 'handler_unknown',
      message: 'The present app has no handler "child"',
    });
  });

  test('a datastore that holds data of another schema', async () => {
    const id = await ended('s', 'signup');
    await expect(dryRun(id, changed('logins: t.Int', 'logins: t.Float'))).rejects.toMatchObject({
      code: 'schema_locked',
      message: expect.stringContaining('logins: was Int, is now Float') as string,
    });
  });

  test('an event that is not there, or whose history is gone', async () => {
    await expect(dryRun('never')).rejects.toMatchObject({ code: 'event_not_found' });
    const id = await ended('gone', 'child');
    await app.temporal.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: `${app.name}/${id}` },
    });
    const deps = { traces: app.client.traces, db: app.db, app: app.name };
    const dry = createDryRun({ ...deps, appPath: appPath('dry-run.ts') });
    const error = await until(
      () =>
        app.client.traces.get(id).then(
          () => undefined,
          () => dry.run(id).catch((e: unknown) => e),
        ),
      (failed) => failed !== undefined,
      90_000, // the server deletes in its own time, with pauses in between
    );
    expect(error).toMatchObject({ code: 'event_not_found' });
  }, 120_000);

  test('an event that waits for its handler to begin', async () => {
    await app.client.queues.pause('child');
    const { id } = await app.client.emit(1, 'child');
    await until(
      () => app.client.queues.get('child'),
      ({ held }) => held === 1,
    );
    await expect(dryRun(id)).rejects.toMatchObject({ code: 'trace_invalid' });
    await (await app.client.queues.resume('child')).result();
  });
});
