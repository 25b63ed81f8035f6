import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleApp } from '../../../src/app/bundle-app';
import { bundleCache } from '../../../src/app/bundle-cache';

let folder: string;
let app: string;
let part: string;

/** Written well before anything is bundled, as a file that a user saved is not. */
function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  const before = new Date(Date.now() - 10_000 - Math.random() * 1000);
  utimesSync(path, before, before);
  return path;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-cache-'));
  mkdirSync(join(folder, 'node_modules'));
  app = write('app.ts', `import './part';`);
  part = write('part.ts', 'export const a = 1;');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cache = (...what: string[]) => bundleCache<{ code: string }>(app, what);
const files = (): string[] => readdirSync(join(folder, 'node_modules/.cache/nightshift/bundles'));
const fill = (): void =>
  cache()?.write({ code: 'x' }, { files: [app, part, folder], missing: [join(folder, 'part.js')] });

test('what was kept is found again, for the same app, bundled in the same way', () => {
  expect(cache()?.read()).toBeUndefined();
  fill();
  expect(cache()?.read()).toEqual({ code: 'x' });
  expect(cache('recorder')?.read()).toBeUndefined();
  expect(files()).toHaveLength(1);
});

test.each([
  ['a file was changed', () => write('part.ts', 'export const a = 2;')],
  ['a file is gone', () => rmSync(part)],
  ['a file is there that would have been taken', () => write('part.js', '')],
  [
    'it was cut off',
    () =>
      writeFileSync(join(folder, 'node_modules/.cache/nightshift/bundles', files()[0] ?? ''), '{'),
  ],
])('not if %s', (_, happens) => {
  fill();
  happens();
  expect(cache()?.read()).toBeUndefined();
  fill();
  expect(cache()?.read()).toEqual(expect.anything());
});

test('a file that changed while it was bundled is not taken for the one that went in', () => {
  const begun = cache();
  writeFileSync(part, 'export const a = 3;');
  begun?.write({ code: 'x' }, { files: [app, part], missing: [] });
  expect(cache()?.read()).toBeUndefined();
});

test('an app without node_modules above it has no cache', () => {
  rmSync(join(folder, 'node_modules'), { recursive: true });
  expect(cache()).toBeUndefined();
});

test('a bundle from the cache is the one that was made', async () => {
  const path = write(
    'queries.ts',
    `import { datastore, DB, t, worker } from 'nightshift';
     export const Users = datastore('Users', { age: t.Int });
     export const old = worker('old', (min: number) => DB.query(Users, (u) => u.age > min));`,
  );
  const made = await bundleApp(path);
  expect(files()).toHaveLength(1);
  const kept = await bundleApp(path);
  expect(kept).not.toBe(made);
  expect(JSON.parse(JSON.stringify(kept))).toEqual(JSON.parse(JSON.stringify(made)));
  write('queries.ts', `export const other = 1;`);
  expect((await bundleApp(path)).uses).toEqual([]);
}, 60_000);
