import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './row';

export interface Result {
  readonly row: Row;
  readonly ours: number;
  readonly reference: number;
  /** Median of the rounds' own ratios: neighbours in time, so that a slow minute hits both. */
  readonly ratio: number;
}

const FILE = join(__dirname, 'RESULTS.md');
const HEAD = `# Results of \`npm run bench\`

Medians of interleaved rounds, ours and the reference in turn on the same servers; the ratio is the median of the
rounds' own ratios. A row that is run again takes the place of its last result.

`;
const COLUMNS =
  '| row | what | ours | reference | ratio | at least | | on |\n|---|---|--:|--:|--:|--:|---|---|\n';

/** Puts the results into bench/RESULTS.md, in place of those of the same rows; returns their table. */
export function writeResults(results: readonly Result[], machine: string, now: Date): string {
  const lines = new Map(results.map((result) => [result.row.name, lineOf(result, now)]));
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const kept = before
    .split('\n')
    .filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| row |'));
  const names = new Set(kept.map(nameOf));
  const merged = kept.map((line) => lines.get(nameOf(line)) ?? line);
  const added = [...lines].filter(([name]) => !names.has(name)).map(([, line]) => line);
  const all = [...merged, ...added].join('\n');
  writeFileSync(FILE, `${HEAD}${machine}\n\n${COLUMNS}${all}\n`);
  return `${COLUMNS}${[...lines.values()].join('\n')}`;
}

const nameOf = (line: string): string => line.split('|')[1]?.trim() ?? '';

function lineOf({ row, ours, reference, ratio }: Result, now: Date): string {
  const verdict = ratio >= row.atLeast ? 'reached' : 'NOT reached';
  const figure = (rate: number): string => `${rate.toFixed(rate < 10 ? 2 : 1)} ${row.unit}`;
  const cells = [
    row.name,
    row.what,
    figure(ours),
    figure(reference),
    ratio.toFixed(2),
    row.atLeast.toFixed(2),
  ];
  return `| ${[...cells, verdict, now.toISOString().slice(0, 10)].join(' | ')} |`;
}
