import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { rerun, type Rerun, type SavedTrace } from 'nightshift/testing';
import { rerunTrace } from '../../src/rerun/rerun-trace';
import { bundleForRerun } from '../../src/rerun/sandbox';
import { useAppFolder } from '../support/app-folder';
import { appPath, useApp } from '../support/test-app';
import { until } from '../support/until';

const folder = useAppFolder();
const SOURCE = readFileSync(appPath('rerun.ts'), 'utf8');
const app = useApp('rerun.ts', {
  retryDelay: 10,
  activities: {
    charge: async (cents: number) => {
      if (cents < 0) throw new RangeError('less than nothing');
      await wait(cents); // a thousand are a second
      return { receipt: `r-${cents}` };
    },
  },
});
jest.setTimeout(60_000); // each changed app is bundled anew

async function saved(event: unknown, handler: string): Promise<SavedTrace> {
  const emitted = await app.client.emit(event, handler);
  await emitted.result().catch(() => {});
  const trace = await app.client.traces.save(emitted.id);
  return JSON.parse(JSON.stringify(trace)) as SavedTrace; // as it comes from a file
}

/** The path of the app with one place of its source changed. */
function changed(from: string, to: string): string {
  if (!SOURCE.includes(from)) throw new Error(`The app has no "${from}"`);
  return folder.write(SOURCE.replace(from, to), 'changed.ts');
}

const rerunChanged = async (trace: SavedTrace, from: string, to: string): Promise<Rerun> =>
  rerun(trace, { app: changed(from, to), strict: false });

describe('the code that made it', () => {
  test.each<[string, unknown]>([
    ['order', { cents: 5 }],
    ['times', null],
    ['ids', null],
    ['parallel', null],
    ['caught', null],
    ['caughtActivity', null],
    ['retried', null],
    ['failing', null],
    ['updates', null],
    ['secret', null],
    ['large', null],
    ['largeValue', null],
    ['timely', null],
    ['races', null],
    ['impatient', null],
    ['many', 1000],
    ['none', 'e'],
  ])('does as it did: %s', async (handler, event) => {
    const bundle = await (unchanged ??= bundleForRerun(appPath('rerun.ts')));
    const result = await rerunTrace(await saved(event, handler), bundle);
    expect(result.difference).toBeUndefined();
    expect(result.stopped).toBeUndefined();
    expect(result.unanswered).toEqual([]);
    expect(result.unused).toEqual([]);
  });

  test('also of a cron, which has the moment at which it was due', async () => {
    const [run] = await until(
      () => app.client.traces.list('hourly'), // a new one runs at once
      (list) => list.length > 0,
    );
    const trace = await app.client.traces.save(run?.id ?? '');
    const { difference, steps } = await rerun(trace, { app: appPath('rerun.ts'), strict: false });
    expect(difference).toBeUndefined();
    expect(steps).toMatchObject([
      { args: [{ text: expect.stringMatching(/Z$/) as string }, 'cron', 'Notes'] },
    ]);
  });
  let unchanged: ReturnType<typeof bundleForRerun> | undefined;
});

describe('of code that changed', () => {
  const SET = `await DB.set({ text: \`order of \${cents}\` }, 'order', Notes);`;

  test('a step more is told, and the steps behind it are answered as they were', async () => {
    const result = await rerunChanged(
      await saved({ cents: 5 }, 'order'),
      SET,
      `await DB.delete('old', Notes); ${SET}`,
    );
    expect(result.value).toEqual({ receipt: 'r-5' });
    expect(result.unanswered).toEqual([
      { kind: 'step', name: 'DB::delete', args: ['old', 'Notes'], answer: 'assumed' },
    ]);
    expect(result.unused).toEqual([]);
    expect(result.steps.map(({ name, past }) => [name, past])).toEqual([
      ['DB::delete', undefined],
      ['DB::set', 1],
      ['charge', 2],
      ['Event::emit', 3],
    ]);
    expect(result.difference?.split('\n')).toEqual([
      expect.stringMatching(/^order does not do as it did in attempt 1 of event \S+\.$/),
      '  + DB::delete ["old","Notes"]',
      '    DB::set [{"text":"order of 5"},"order","Notes"]',
      '    charge [5]',
      expect.stringMatching(/^ {4}Event::emit \[\{"receipt":"r-5"\},"child",/),
      '    value {"receipt":"r-5"}',
    ]);
  });

  test('a step less is told', async () => {
    const result = await rerunChanged(await saved({ cents: 5 }, 'order'), SET, '');
    expect(result.unanswered).toEqual([]);
    expect(result.unused).toEqual([
      { name: 'DB::set', args: [{ text: 'order of 5' }, 'order', 'Notes'] },
    ]);
    expect(result.difference).toContain(
      '\n  - DB::set [{"text":"order of 5"},"order","Notes"]\n    charge [5]\n',
    );
  });

  test('another argument is a step less and a step more', async () => {
    const { unused, unanswered, value } = await rerunChanged(
      await saved({ cents: 5 }, 'order'),
      SET,
      SET.replace('order of', 'for'),
    );
    expect(value).toEqual({ receipt: 'r-5' });
    expect(unused).toMatchObject([{ args: [{ text: 'order of 5' }, 'order', 'Notes'] }]);
    expect(unanswered).toMatchObject([{ args: [{ text: 'for 5' }, 'order', 'Notes'] }]);
  });

  test('a read without an answer finds nothing', async () => {
    const trace = await saved({ cents: 5 }, 'order');
    const reads = `
      const all = [await DB.get('order', Notes), await DB.getAll(Notes), await DB.count(Notes)];
      const some = await DB.query(Notes, (note) => note.text === 'a');`;
    const changedCode = await rerunChanged(
      trace,
      'return { receipt };',
      `${reads} return [all, some];`,
    );
    expect(changedCode).toMatchObject({ value: [[null, [], 0], []] });
    expect(changedCode.unanswered.map(({ name, answer }) => [name, answer])).toEqual([
      ['DB::get', 'assumed'],
      ['DB::getAll', 'assumed'],
      ['DB::count', 'assumed'],
      ['DB::query', 'assumed'],
    ]);
  });

  test('an activity without an answer ends the run there, and is told', async () => {
    const { steps, stopped, value, error, difference } = await rerunChanged(
      await saved({ cents: 5 }, 'order'),
      'await charge(cents);',
      'await charge(cents + 1);',
    );
    expect(stopped).toBe('It waits for an answer that the past run does not have: charge');
    expect([value, error]).toEqual([undefined, undefined]);
    expect(steps.at(-1)).toEqual({ kind: 'activity', name: 'charge', args: [6], answer: 'none' });
    expect(difference).toContain('\n  + charge [6]  (no answer)\n');
    expect(difference).toContain('\n  - Event::emit ');
  });

  test('ids that it makes are no difference, even where it makes more of them', async () => {
    const result = await rerunChanged(
      await saved(null, 'ids'),
      'const key = await DB.add',
      'uuid(); const key = await DB.add',
    );
    expect(result.difference).toBeUndefined();
  });

  test('parallel steps in another order are no difference', async () => {
    const trace = await saved(null, 'parallel');
    const { difference, steps } = await rerunChanged(trace, `['x', 'y'].map`, `['y', 'x'].map`);
    expect(difference).toBeUndefined();
    expect(steps.map(({ past }) => past)).toEqual([1, 2, 4, 3]);
  });

  test('the same step twice is answered in the order of then', async () => {
    const trace = await saved(null, 'counts');
    const result = await rerunChanged(trace, '/* counts */', `await DB.keys(Notes);`);
    expect(result.value).toEqual([0, 1, 2]);
  });

  test('a failed step that was caught fails again', async () => {
    const result = await rerunChanged(
      await saved(null, 'caughtActivity'),
      'await charge(-1);',
      'await DB.count(Notes); await charge(-1);',
    );
    expect(result.value).toEqual({
      name: 'ActivityFailure',
      type: 'RangeError',
      message: 'less than nothing',
    });
  });

  test('a handler that throws now, and did not then', async () => {
    const { error, difference } = await rerunChanged(
      await saved({ cents: 5 }, 'order'),
      'return { receipt };',
      `throw new RangeError('not any more');`,
    );
    expect(error).toEqual({ type: 'RangeError', message: 'not any more' });
    expect(difference).toContain(
      '\n  - value {"receipt":"r-5"}\n  + error RangeError: not any more',
    );
  });

  test('a handler that threw then, and does not now', async () => {
    const result = await rerunChanged(
      await saved(null, 'failing'),
      `throw new RangeError('too far');`,
      `return 'near';`,
    );
    expect(result).toMatchObject({ value: 'near' });
    expect(result.difference).toContain('\n  - error RangeError: too far\n  + value "near"');
  });

  test('of a retried event the last attempt is made again', async () => {
    const trace = await saved(null, 'retried');
    const result = await rerunChanged(trace, `return 'at last';`, `return attempt;`);
    expect(result).toMatchObject({ attempt: 2, value: 2, unanswered: [] });
    expect(result.difference).toContain('in attempt 2 of event');
  });

  test('the clock is that of then: sleeps take no time, and it goes on', async () => {
    const trace = await saved(null, 'times');
    const { value, steps } = await rerunChanged(
      trace,
      `await sleep('1ms');`,
      `await sleep('3 days'); at.push(new Date());`,
    );
    const [first, , charged, slept] = (value as string[]).map((at) => Date.parse(at));
    expect(slept).toBe((charged ?? 0) + 3 * 86_400_000);
    expect(first).toBe(Date.parse((steps[0]?.args as [{ text: string }])[0].text));
  });

  test('the flags are those of then', async () => {
    await app.client.flags.set('extra', true);
    const trace = await saved(null, 'flagged');
    await app.client.flags.set('extra', false);
    const { steps } = await rerun(trace, { app: appPath('rerun.ts'), strict: false });
    expect(steps).toMatchObject([{ name: 'DB::set', past: 1 }]);
  });

  test('steps whose arguments are not known are answered by their names', async () => {
    const trace = await saved({ cents: 5 }, 'order');
    const runs = trace.runs.map((run) => ({
      ...run,
      expected: { ...run.expected, steps: run.expected.steps.map(({ name }) => ({ name })) },
    }));
    const result = await rerun({ ...trace, runs }, { app: appPath('rerun.ts'), strict: false });
    expect(result).toMatchObject({ value: { receipt: 'r-5' }, unanswered: [], unused: [] });
    expect(result.difference).toBeUndefined();
  });

  test('an endless loop is cut, and told', async () => {
    const { stopped } = await rerunChanged(
      await saved(null, 'none'),
      'async (event) => event',
      'async () => { for (;;) {} }',
    );
    expect(stopped).toBe('It does not come to an end: is it an endless loop?');
  });

  test.each([
    ['steps', `for (;;) await DB.count(Notes);`, 5_000],
    ['sleeps', `for (;;) await sleep('1 day');`, 1_025],
  ])('so are endless %s', async (_what, loop, most) => {
    const { stopped, steps } = await rerunChanged(
      await saved(null, 'none'),
      'async (event) => event',
      `async () => { ${loop} }`,
    );
    expect(stopped).toMatch(/: is it an endless loop\?$/);
    expect(steps.length).toBeLessThanOrEqual(most);
  });

  test('a handler that is no longer there is an error', async () => {
    const trace = await saved(null, 'none');
    await expect(rerunChanged(trace, `worker('none'`, `worker('other'`)).rejects.toMatchObject({
      code: 'handler_unknown',
      message: 'The present app has no handler "none"',
    });
  });
});

describe('strict', () => {
  test('is the default, and gives the first difference', async () => {
    const trace = await saved({ cents: 5 }, 'order');
    expect(await rerun(trace, { app: appPath('rerun.ts') })).toEqual({});
    const other = changed('await charge(cents);', 'await charge(cents + 1);');
    expect((await rerun(trace, { app: other })).difference).toContain(
      'Step 2 differs:\n  then: charge [5]\n  now:  charge [6]',
    );
  });

  test('reads a file, and refuses one of another format', async () => {
    const trace = await saved({ cents: 5 }, 'order');
    const file = folder.write(JSON.stringify(trace), 'order.json');
    expect(await rerun(file, { app: appPath('rerun.ts') })).toEqual({});
    const old = folder.write(JSON.stringify({ ...trace, format: 0 }), 'old.json');
    await expect(rerun(old, { app: appPath('rerun.ts') })).rejects.toMatchObject({
      code: 'trace_invalid',
      message: 'old.json has format 0; this version of nightshift reads format 1',
    });
  });
});
