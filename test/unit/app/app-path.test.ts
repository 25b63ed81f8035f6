import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveActivitiesPath, resolveAppPath } from '../../../src/app/app-path';
import { errorWith } from '../../support/error-with';

const folder = mkdtempSync(join(tmpdir(), 'nightshift-path-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => {
  writeFileSync(join(folder, name), '');
  return join(folder, name);
};

test.each(['app.ts', 'app.js', 'app.mjs', 'app.cjs'])(
  '%s is an app module, by any path',
  (name) => {
    const path = file(name);
    expect(resolveAppPath(name, folder)).toBe(path);
    expect(resolveAppPath(`./${name}`, folder)).toBe(path);
    expect(resolveAppPath(path, '/')).toBe(path);
  },
);

test.each<[string, string]>([
  ['gone.ts', 'No app module at "gone.ts"'],
  ['.', 'No app module at'],
  ['sub', 'No app module at "sub"'],
  ['app.json', 'An app module is a file ending in .ts, .js, .mjs, .cjs, got "app.json"'],
])('%s is none', (path, text) => {
  file('app.json');
  mkdirSync(join(folder, 'sub'), { recursive: true });
  const resolve = (): unknown => resolveAppPath(path, folder);
  expect(resolve).toThrow(text);
  expect(resolve).toThrow(errorWith({ name: 'ConfigError', code: 'app_not_found' }));
});

test('activities are where the option says, else beside the app, else nowhere', () => {
  const app = file('app.ts');
  expect(resolveActivitiesPath(undefined, app, folder)).toBeUndefined();
  const beside = file('activities.ts');
  expect(resolveActivitiesPath(undefined, app, '/')).toBe(beside);
  const other = file('other.ts');
  expect(resolveActivitiesPath('other.ts', app, folder)).toBe(other);
  expect(() => resolveActivitiesPath('gone.ts', app, folder)).toThrow(
    errorWith({ code: 'app_not_found' }),
  );
});
