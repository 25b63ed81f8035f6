// Makes a fresh clone ready: installs the dependencies where they are missing or out of date, and builds. Uses nothing but
// Node's own modules, since nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.nightshift-installed');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Nightshift needs Node 20.19 or newer, this is ${process.versions.node}`);
}
installDependencies();
// A package must not carry what was built from files that are gone.
if (process.argv.includes('--clean')) rmSync(join(root, 'dist'), { recursive: true, force: true });
build();

function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.node)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

function build() {
  // Incremental: a second or so where nothing changed.
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error !== undefined) fail(`${command} cannot be run: ${error.message}`);
  if (status !== 0)
    fail(`${[command, ...args].join(' ')} failed (exit code ${status}); its reason stands above`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
