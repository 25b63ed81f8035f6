import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..');
const dist = join(root, 'dist');

beforeAll(() => {
  if (existsSync(join(dist, 'client.js'))) return;
  const tsc = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
}, 120_000);

/** The packages that a new process has loaded after it imported `entry` of the build. */
async function loadedBy(entry: string): Promise<string[]> {
  const script = `require(${JSON.stringify(join(dist, entry))}); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: root });
  const names = (JSON.parse(stdout) as string[]).map(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '',
  );
  return [...new Set(names)].filter((name) => name !== '').sort();
}

test("the client loads neither Temporal's worker nor anything else that is native or large", async () => {
  const loaded = await loadedBy('client.js');
  expect(loaded).toEqual(expect.arrayContaining(['@temporalio/client', 'mongodb']));
  for (const name of [
    '@temporalio/worker',
    '@temporalio/core-bridge',
    '@temporalio/testing',
    '@node-rs/argon2',
    'webpack',
    'jiti',
  ])
    expect(loaded).not.toContain(name);
});

test('definitions load neither a client nor a database driver', async () => {
  const loaded = await loadedBy('index.js');
  for (const name of ['@temporalio/client', '@temporalio/worker', 'mongodb', 'zod'])
    expect(loaded).not.toContain(name);
});
