import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/type-check';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/dependencies.md');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

/** As the page writes them: `@temporalio/{client,worker}` and `@types/*` name several. */
const named = [...page.matchAll(/`([^`\s]+)`/g)].flatMap(([, text = '']) => {
  const [, scope, list] = /^(.*)\{(.*)\}$/.exec(text) ?? [];
  return list === undefined ? [text] : list.split(',').map((name) => `${scope}${name}`);
});

test.each(Object.keys({ ...dependencies, ...devDependencies }))('%s has its reason', (name) => {
  expect(named.includes(name) || (name.startsWith('@types/') && named.includes('@types/*'))).toBe(
    true,
  );
});

test('no reason is given for what is not there', () => {
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  const packages = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) => {
      const [, scope = '', list] = /^(.*)\{(.*)\}$/.exec(text) ?? [];
      return list === undefined ? [text] : list.split(',').map((name) => scope + name);
    }),
  );
  expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
});

test('the lock file has a checksum for each package, and names no registry', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }>;
  };
  const entries = Object.entries(packages).filter(([path]) => path !== '');
  expect(entries.length).toBeGreaterThan(100);
  expect(entries.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
