// npm run bench [-- <row>]: medians of interleaved rounds, ours and the reference in turn, on the same servers.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startServers } from '../src/servers/start-servers';
import { silentProgress } from '../src/shared/progress';
import type { BenchContext, Row } from './row';
import { feed } from './rows/feed';
import { held, pauseTakesEffect, queuesList, resumed } from './rows/held';
import { twoDbCalls } from './rows/two-db-calls';
import { bundleWithQueries } from './rows/bundle';
import { dbGet, dbSet } from './rows/db-call';
import { migrationMemory, scanMemory } from './rows/memory';
import { indexedQuery } from './rows/query';

const ROWS: readonly Row[] = [
  ...[twoDbCalls, feed],
  ...[dbGet, dbSet, indexedQuery, bundleWithQueries],
  ...[scanMemory, migrationMemory],
  ...[held, resumed, queuesList, pauseTakesEffect],
];
const ROUNDS = 5;

interface Result {
  readonly row: Row;
  readonly ours: number;
  readonly reference: number;
  /** Median of the rounds' own ratios: neighbours in time, so that a slow minute hits both. */
  readonly ratio: number;
}

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
    console.log(
      `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    );
    console.log(`Temporal ${servers.temporal.source}; MongoDB ${servers.mongodb.source}\n`);
    const results: Result[] = [];
    for (const row of rows) results.push(await measure(row, context));
    print(results);
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

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function print(results: readonly Result[]): void {
  console.log('\n| row | ours | reference | ratio | at least | |\n|---|--:|--:|--:|--:|---|');
  for (const { row, ours, reference, ratio } of results) {
    const verdict = ratio >= row.atLeast ? 'reached' : 'NOT reached';
    console.log(
      `| ${row.what} | ${ours.toFixed(1)} ${row.unit} | ${reference.toFixed(1)} | ${ratio.toFixed(2)}× | ${row.atLeast.toFixed(2)}× | ${verdict} |`,
    );
  }
}

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
