import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { useAppFolder } from '../support/app-folder';
import { ROOT } from '../support/type-check';

const folder = useAppFolder();
const modules = join(folder.path, 'node_modules');
const LEFT_OUT = ['@opentelemetry', '.cache', '.package-lock.json'];

/** The build, with all packages but the optional ones. */
beforeAll(() => {
  for (const name of ['dist', 'assets', 'package.json'])
    cpSync(join(ROOT, name), join(folder.path, name), { recursive: true });
  mkdirSync(join(modules, '@temporalio'), { recursive: true });
  const link = (name: string): void =>
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!LEFT_OUT.includes(name) && name !== '@temporalio') link(name);
  for (const name of readdirSync(join(ROOT, 'node_modules', '@temporalio')))
    if (name !== 'interceptors-opentelemetry') link(`@temporalio/${name}`);
});

interface Ended {
  readonly code: number;
  readonly err: string;
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve) => {
    const main = join(folder.path, 'dist', 'src', 'cli', 'main.js');
    const child = execFile(
      process.execPath,
      [main, ...args, '--name', 'shop'],
      { env: { ...process.env, NO_COLOR: '1', ...env }, cwd: folder.path },
      (_error, _out, err) => resolve({ code: child.exitCode ?? -1, err }),
    );
  });

test('where its packages are not installed, the error says which, and how to', async () => {
  const app = folder.write(`export const w = worker('w', async () => {});`);
  const { code, err } = await run(['worker', app], { NIGHTSHIFT_OPENTELEMETRY: 'true' });
  expect(code).toBe(1);
  expect(err).toContain('@opentelemetry/api is not installed');
  expect(err).toMatch(/npm install .*@opentelemetry\/sdk-trace-node.*@temporalio\/interceptors-/);
  expect(err).toContain('NIGHTSHIFT_OPENTELEMETRY=false');
});

test('without the switch they are not missed', async () => {
  expect(await run(['queues'], {})).toMatchObject({ code: 0 });
});
