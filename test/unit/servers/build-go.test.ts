import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo, countModules, findGo } from '../../../src/servers/build-go';
import { silentProgress } from '../../../src/shared/progress';
import { script, useFolder } from './support';

const folder = useFolder();

/** A `go` of the version that does as told in place of `list` and `build`. */
function fakeGo(version: string, { toolchain = 'local', build = 'true' } = {}): NodeJS.ProcessEnv {
  const bin = join(folder.path, 'bin');
  mkdirSync(bin, { recursive: true });
  script(
    join(bin, 'go'),
    `case "$1" in
    env) echo ${version}; echo ${toolchain};;
    list) echo 'go: downloading example.test/a v1.0.0' >&2; printf 'runtime\\nexample.test/a\\n';;
    build) ${build};;
    esac`,
  );
  return { PATH: `${bin}:${process.env['PATH']}` };
}

function module(): string {
  writeFileSync(join(folder.path, 'go.mod'), 'module m\n\ngo 1.26.4\n');
  writeFileSync(join(folder.path, 'go.sum'), 'a v1 h1:x\na v1/go.mod h1:y\nb v1 h1:z\n');
  return folder.path;
}

const context = (env: NodeJS.ProcessEnv) => ({
  cacheDir: folder.path,
  env,
  progress: silentProgress,
  signal: undefined,
});

test('builds, and tells how many packages are compiled', async () => {
  const build =
    'echo runtime >&2; echo example.test/a >&2; env > env.txt; for o; do [ "$p" = -o ] && echo made > "$o"; p=$o; done';
  const env = fakeGo('go1.26.8', { build });
  const reports: [number | undefined, string][] = [];
  const into = join(folder.path, 'out');
  mkdirSync(into);
  await buildGo(
    { module: module(), package: '.', into, program: 'tool' },
    context(env),
    (...report) => reports.push(report),
  );
  expect(readFileSync(join(into, 'tool'), 'utf8')).toBe('made\n');
  expect(readFileSync(join(folder.path, 'env.txt'), 'utf8')).toMatch(/^CGO_ENABLED=0$/m);
  expect(reports.map(([, note]) => note)).toEqual([
    'looking for modules',
    'downloading modules (1)',
    'compiling',
    '1 of 2 packages',
    '2 of 2 packages',
  ]);
  const fractions = reports.map(([fraction]) => fraction ?? -1);
  expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
});

test('says so when there is no Go, or too old a one', async () => {
  const none = { PATH: join(folder.path, 'nothing') };
  await expect(findGo(module(), context(none))).rejects.toMatchObject({
    message: 'there is no "go" on PATH',
    remedies: [expect.stringContaining('Install Go 1.26.4 or newer')],
  });
  const old = fakeGo('go1.24.1');
  await expect(findGo(module(), context(old))).rejects.toThrow(
    'Go is too old: go1.24.1 is installed, 1.26.4 is needed',
  );
});

test.each([
  ['go1.24.1', 'auto', true],
  ['go1.20.1', 'auto', false],
  ['go1.24.1', 'go1.24.1', false],
  ['go1.26.4', 'local', true],
])('%s with GOTOOLCHAIN=%s: %s', async (version, toolchain, good) => {
  const found = findGo(module(), context(fakeGo(version, { toolchain })));
  if (good) expect(existsSync(await found)).toBe(true);
  else await expect(found).rejects.toThrow('too old');
});

test('counts modules that are downloaded, not those only looked at', () => {
  expect(countModules('a v1 h1:x\na v1/go.mod h1:y\nb v1/go.mod h1:z\n')).toBe(1);
  expect(countModules('')).toBe(1);
});
