// npm run bench:peers [-- <entry> …]: the same work on Nightshift and on its peers, one at a time, in turn. Without a
// choice of entries the tables are also written to bench/PEERS.md.
import { execFileSync, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENTRIES } from './entries.mjs';
import { prepareRedis } from './servers/redis.mjs';
import { ROUNDS } from './settings.mjs';
import { report } from './report.mjs';

const HERE = import.meta.dirname;
const REPORT = join(HERE, '..', 'PEERS.md');
const ONE_MS = 120_000;

const wanted = process.argv.slice(2);
const entries = ENTRIES.filter(({ file }) => wanted.length === 0 || wanted.includes(file));
if (entries.length === 0) {
  const names = new Set(ENTRIES.map(({ file }) => file));
  console.error(`No entry "${wanted.join(' ')}"; entries: ${[...names].join(', ')}`);
  process.exit(2);
}
const base = mkdtempSync(join(tmpdir(), 'nightshift-peers-'));
chmodSync(base, 0o711); // PostgreSQL may run as another user
process.once('exit', () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
install();
const node = nodeProgram();
const redis = attempt(prepareRedis);
const results = new Map(entries.map((entry) => [entry, { figures: [] }]));
for (let round = 1; round <= ROUNDS; round++) {
  // Who comes first may suffer or gain from what was before: every second round goes backwards.
  for (const entry of round % 2 === 1 ? entries : [...entries].reverse()) {
    const result = results.get(entry);
    if (result.failed !== undefined) continue;
    const { server, failed, ...figures } = await measure(entry);
    if (failed !== undefined) result.failed = failed;
    else result.figures.push(figures);
    result.server = server ?? result.server;
    const said = failed ?? `${figures.rate.toFixed(0)} events/s, p50 ${figures.p50.toFixed(1)} ms`;
    console.error(`${round} of ${ROUNDS}, ${entry.name}: ${said}`);
  }
}
const text = await report(results, versionOf(node));
console.log(text);
if (wanted.length === 0) writeFileSync(REPORT, text);

/** One run of one entry, in a process of its own, with servers and folders of its own. */
async function measure({ file, variant = '' }) {
  if (file === 'bullmq' && redis instanceof Error) return { failed: redis.message };
  const dir = join(base, 'run');
  try {
    const child = fork(join(HERE, 'one.mjs'), [file, variant, dir], {
      execPath: node,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const late = setTimeout(() => child.disconnect(), ONE_MS);
    let said = { failed: `no figures within ${ONE_MS / 1000} s` };
    child.on('message', (message) => (said = message));
    await new Promise((resolve) => child.once('exit', resolve));
    clearTimeout(late);
    return said;
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Installs the peers next to this file where they are missing or out of date. Their versions are in package.json; a lock
 * file of all platforms cannot be had from every registry.
 */
function install() {
  const stamp = join(HERE, 'node_modules', '.installed');
  const wants = readFileSync(join(HERE, 'package.json'));
  const wanted = createHash('sha256').update(wants).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing the peers …');
  execFileSync(
    'npm',
    ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: HERE,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, SCARF_ANALYTICS: 'false' },
    },
  );
  writeFileSync(stamp, wanted);
}

/** All run on one Node: some of the peers need a newer one than Nightshift does. */
function nodeProgram() {
  const installed = join(HERE, 'node_modules', 'node', 'bin', 'node');
  return existsSync(installed) ? installed : process.execPath;
}

function versionOf(program) {
  return String(execFileSync(program, ['--version']))
    .trim()
    .slice(1);
}

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
