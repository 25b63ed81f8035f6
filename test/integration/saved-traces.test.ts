import { readFileSync } from 'node:fs';
import type { SavedTrace } from '../../src/traces/saved-trace';
import { bundleForReplay, replayTrace } from '../../src/testing/replay-traces';
import { useAppFolder } from '../support/app-folder';
import { appPath, useApp } from '../support/test-app';

const folder = useAppFolder();
const app = useApp('traces.ts', {
  retryDelay: 10,
  activities: { double: async (n: number) => n * 2 },
});
jest.setTimeout(60_000); // each changed app is bundled anew

async function saved(event: unknown, handler: string): Promise<SavedTrace> {
  const emitted = await app.client.emit(event, handler);
  await emitted.result().catch(() => {});
  const trace = await app.client.traces.save(emitted.id);
  return JSON.parse(JSON.stringify(trace)) as SavedTrace; // as it comes from a file
}

/** How the app differs from a past run once its source is changed. */
async function differs(trace: SavedTrace, from: string, to: string): Promise<string | undefined> {
  const source = readFileSync(appPath('traces.ts'), 'utf8');
  if (!source.includes(from)) throw new Error(`The app has no "${from}"`);
  const changed = folder.write(source.replace(from, to), 'changed.ts');
  return replayTrace(trace, await bundleForReplay(changed));
}

describe('a saved trace', () => {
  test.each<[string, unknown]>([
    ['steps', { key: 'k', n: 4 }],
    ['retried', null],
    ['failing', null],
    ['caught', null],
    ['parallel', null],
    ['none', 'e'],
    ['large', null],
    ['largeValue', null],
    ['secret', null],
  ])('of "%s" fits the code that made it', async (handler, event) => {
    const bundle = await (unchanged ??= bundleForReplay(appPath('traces.ts')));
    expect(await replayTrace(await saved(event, handler), bundle)).toBeUndefined();
  });
  let unchanged: ReturnType<typeof bundleForReplay> | undefined;

  test('holds no password', async () => {
    const { runs } = await saved(null, 'secret');
    const texts = JSON.stringify(runs).match(/"data":"[^"]*"/g) ?? [];
    const all = texts.map((text) => Buffer.from(text.slice(8, -1), 'base64').toString()).join();
    expect(all).not.toMatch(/argon2|hunter2/);
  });

  test.each<[string, string, string, string]>([
    [
      'another argument',
      `text: 'first'`,
      `text: 'other'`,
      'Step 1 differs:\n  then: DB::set [{"text":"first"},"k","Notes"]\n  now:  DB::set [{"text":"other"},"k","Notes"]',
    ],
    [
      'another step',
      `const doubled = await double(event.n);`,
      `const doubled = await DB.count(Notes);`,
      'Step 2 differs:\n  then: double [4]\n  now:  DB::count ["Notes"]',
    ],
    [
      'a step more',
      `log.warn('ends');`,
      `await DB.delete('k', Notes);`,
      'Step 5 differs:\n  then: (none)\n  now:  DB::delete ["k","Notes"]',
    ],
    [
      'another value',
      'return { doubled };',
      'return { doubled, more: 1 };',
      'It ends otherwise:\n  then: value {"doubled":8}\n  now:  value {"doubled":8,"more":1}',
    ],
  ])('tells how the code differs by %s', async (_what, from, to, difference) => {
    const trace = await saved({ key: 'k', n: 4 }, 'steps');
    expect(await differs(trace, from, to)).toContain(difference);
  });

  test('tells of a step less', async () => {
    const trace = await saved({ key: 'k', n: 4 }, 'steps');
    expect(await differs(trace, 'await sleep(1);', '')).toContain(
      'Step 3 differs:\n  then: sleep [1]\n  now:  Event::emit',
    );
  });

  test('tells of a large value that differs at its end', async () => {
    const difference = await differs(await saved(null, 'largeValue'), `'end'`, `'END'`);
    expect(difference).toContain('It ends otherwise');
    expect(difference?.length).toBeLessThan(2_000);
  });

  test('tells of an endless loop', async () => {
    const trace = await saved({ key: 'k', n: 4 }, 'steps');
    expect(await differs(trace, `log.warn('ends');`, 'for (;;) {}')).toContain('endless loop');
  });

  test('fits code that is only written otherwise', async () => {
    const trace = await saved({ key: 'k', n: 4 }, 'steps');
    expect(
      await differs(trace, 'return { doubled };', 'const result = { doubled }; return result;'),
    ).toBeUndefined();
  });
});
