import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { errorWith } from '../../support/error-with';
import { makeProject } from '../../../src/cli/make-project';

const ROOT = resolve(__dirname, '..', '..', '..');

let above: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'nightshift-init-'));
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

const make = (name: string): string => {
  const folder = join(above, name);
  makeProject({ folder, name, type: 'module' });
  return folder;
};
const textIn = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

test('a new project has all files of the template, and the name of its folder', () => {
  const folder = make('shop');
  const template = readdirSync(join(ROOT, 'templates', 'app'));
  const dotted = template.map((file) => (file === 'gitignore' ? '.gitignore' : file));
  expect(readdirSync(folder).sort()).toEqual(dotted.sort());
  expect(JSON.parse(textIn(folder, 'package.json'))).toMatchObject({ name: 'shop' });
  expect(textIn(folder, 'README.md')).toMatch(/^# shop$/m);
});

test('a project made from a clone depends on that clone', () => {
  const folder = make('shop');
  const { dependencies } = JSON.parse(textIn(folder, 'package.json')) as {
    dependencies: { nightshift: string };
  };
  const [, path = ''] = /^file:(.*)$/.exec(dependencies.nightshift) ?? [];
  expect(resolve(folder, path)).toBe(ROOT);
});

test('a folder with a repository and nothing else will do', () => {
  mkdirSync(join(above, 'shop', '.git'), { recursive: true });
  expect(existsSync(join(make('shop'), 'app.ts'))).toBe(true);
});

test('a folder that holds something is left alone', () => {
  const folder = make('shop');
  rmSync(join(folder, 'test'), { recursive: true });
  expect(() => make('shop')).toThrow(errorWith({ code: 'folder_not_empty' }));
  expect(existsSync(join(folder, 'test'))).toBe(false);
});
