// npm run bench [-- <row>]: medians of interleaved rounds, ours and the reference in turn, on the same servers.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startServers } from '../src/servers/start-servers';
import { silentProgress } from '../src/shared/progress';
import { type BenchContext, median, type Row } from './row';
import { feed } from './rows/feed';
import { held, pauseTakesEffect, queuesList, resumed } from './rows/held';
import { latency, traceShown, twoActivities, twoDbCalls } from './rows/two-db-calls';
import { devReady, devReload } from './rows/dev';
import { type Result, writeResults } from './results';
import { bundleWithQueries } from './rows/bundle';
import { dbGet, dbSet } from './rows/db-call';
import { migrationMemory, scanMemory } from './rows/memory';
import { indexedQuery } from './rows/query';

const ROWS: readonly Row[] = [
  ...[twoDbCalls, twoActivities, latency, feed, traceShown],
  ...[dbGet, dbSet, indexedQuery, bundleWithQueries],
  ...[scanMemory, migrationMemory],
  ...[held, resumed, queuesList, pauseTakesEffect],
  ...[devReady, devReload],
];
const ROUNDS = 5;

async function main(wanted: string | undefined): Promise<number> {
  const rows = ROWS.filter(({ name }) => wanted === undefined || name === wanted);
  if (rows.length === 0) {
    console.error(`No row "${wanted}"; rows: ${ROWS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const stateDir = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  const ports = { temporal: 0, temporalUi: 0, mongodb: 0 };
  const servers = await startServers({
    stateDir,
    env: process.env,
    ports,
    ui: false,
    progress: silentProgress,
  });
  try {
    const context = { temporal: servers.temporal.address, mongodb: servers.mongodb.uri };
    const machine = [
      `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
      `Temporal ${servers.temporal.source}; MongoDB ${servers.mongodb.source}`,
    ].join('; ');
    console.log(`${machine}\n`);
    const results: Result[] = [];
    for (const row of rows) results.push(await measure(row, context));
    console.log(`\n${writeResults(results, machine, new Date())}`);
    return 0;
  } finally {
    await servers.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function measure(row: Row, context: BenchContext): Promise<Result> {
  await using contest = await row.start(context);
  await contest.ours(0); // warm-up
  await contest.reference(0);
  const ours: number[] = [];
  const reference: number[] = [];
  const rounds = row.rounds ?? ROUNDS;
  for (let round = 1; round <= rounds; round++) {
    // The first of a pair may suffer or gain from what came before: take turns.
    const inOrder = round % 2 === 1;
    if (inOrder) ours.push(await contest.ours(round));
    reference.push(await contest.reference(round));
    if (!inOrder) ours.push(await contest.ours(round));
    console.error(
      `${row.name} ${round} of ${rounds}: ${ours.at(-1)?.toFixed(1)} against ${reference.at(-1)?.toFixed(1)} ${row.unit}`,
    );
  }
  const ratios = ours.map((figure, i) => figure / (reference[i] ?? Number.NaN));
  return { row, ours: median(ours), reference: median(reference), ratio: median(ratios) };
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
