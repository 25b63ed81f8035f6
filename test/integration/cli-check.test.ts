import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { useAppFolder } from '../support/app-folder';
import { cli } from '../support/cli';

const folder = useAppFolder();

const check = (source: string, ...options: string[]): ReturnType<typeof cli> =>
  cli(['check', folder.write(source), ...options], { cwd: folder.path });

describe('nightshift check', () => {
  it('ends with 0 where nothing is wrong, and shows what it found', async () => {
    const { code, out } = await check(`export const a = worker('a', async () => 1);`);
    expect(code).toBe(0);
    expect(out).toMatch(/^Workers +a$/m);
    expect(out).toMatch(
      /^Each event +evaluates your code and its imports: \d+ KB, \d+(\.\d)? ms$/m,
    );
    expect(out).toContain('app.ts: no problem found');
  }, 60_000);

  it('ends with 1 where something is wrong, and says what to do', async () => {
    const source = `export const a = worker('aa', async () => emit(1, 'ab'));`;
    const { code, out } = await check(source);
    expect(code).toBe(1);
    expect(out).toContain('emits to "ab", which the app does not have');
    expect(out).toContain('did you mean "aa"?');
    expect(out).toMatch(/app\.ts: 1 problem$/m);
    const json = await check(source, '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ problems: [{ code: 'handler_unknown' }] });
  }, 60_000);

  it('names a package that each event waits for', async () => {
    mkdirSync(join(folder.path, 'node_modules', 'slow'), { recursive: true });
    folder.write(`for (let i = 0; i < 50_000_000; i++);`, 'node_modules/slow/index.js');
    const { out } = await check(`import 'slow';\nexport const a = worker('a', async () => 1);`);
    expect(out).toMatch(/^ +slow: 1 KB, \d+(\.\d)? ms +imported by app\.ts$/m);
  }, 60_000);

  it('says of a name that is declared twice only that', async () => {
    folder.write('{ "type": "module" }', 'package.json');
    const { out } = await check(
      `export const a = worker('a', async () => 1);\nimport { t } from 'nightshift';`,
    );
    expect(out).toMatch(/app\.ts cannot be loaded: Duplicate declaration "t"$/m);
  }, 60_000);
});
