import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { EVENTS, IN_FLIGHT, LATENCIES, PEOPLE, ROUNDS, WARM_UP } from './settings.mjs';

/**
 * The tables, as Markdown.
 * @param {Map<import('./entries.mjs').Kept, { figures: Figures[], server?: string, failed?: string }>} results
 * @param {string} node its version
 * @typedef {{ rate: number, p50: number, p95: number }} Figures
 */
export async function report(results, node) {
  const rows = [...results].map(([entry, result]) => ({ entry, ...result, ...medians(result) }));
  const ours = rows.find(({ entry }) => entry.file === 'nightshift')?.rate;
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${node}`;
  const text = `# Nightshift and its peers

The same work unit: an event is emitted, its handler reads a record and upserts it, and the emitter learns that it is
done. ${new Date().toISOString().slice(0, 10)}, ${machine}; made by \`npm run bench:peers\`.

## Speed

${table(
  ['', 'events/s', 'against Nightshift', 'emit → done, p50', 'p95'],
  rows.map(({ entry, failed, rate, p50, p95 }) =>
    failed === undefined
      ? [entry.name, whole(rate), ratio(rate, ours), `${p50.toFixed(1)} ms`, `${p95.toFixed(1)} ms`]
      : [entry.name, `not measured: ${firstLine(failed)}`, '', '', ''],
  ),
  1,
)}

${IN_FLIGHT} events in flight for events/s, ${EVENTS} events; ${LATENCIES} events one at a time for emit → done; medians of
${ROUNDS} rounds. Each round starts every entry anew and alone, with new servers on this machine and nothing in them,
after a warm-up of ${WARM_UP} events. Emitter and worker share one process. There are ${PEOPLE} records.

Faster is not the same work in all ways: the tables below say what each does for its time.

## Settings

${table(
  ['', 'version', 'where the record is', 'settings'],
  rows.map(({ entry, server }) => [
    entry.name,
    [...entry.packages.map(versionOf), server].filter(Boolean).join('; '),
    entry.record,
    entry.settings,
  ]),
)}

## What each keeps

${table(
  ['', 'durable steps', 'trace', 'held when paused', 'no handler', 'the same id twice'],
  grouped(rows).map(({ name, entry }) => [
    name,
    entry.durableSteps,
    entry.trace,
    entry.paused,
    entry.missing,
    entry.sameId,
  ]),
)}

What happens when the worker process dies (\`kill -9\`) between the read and the upsert, or right after it:

${grouped(rows)
  .map(({ name, entry }) => `- ${name}: ${lowerFirst(entry.killed)}.`)
  .join('\n')}

These are facts of the versions above, from their documentation and sources, with defaults where a setting decides.
`;
  const options = await resolveConfig(join(import.meta.dirname, 'report.md'));
  return format(text, { ...options, parser: 'markdown' });
}

/** One line where entries differ in nothing that is told. */
function grouped(rows) {
  const groups = new Map();
  for (const { entry } of rows) {
    const { durableSteps, trace, paused, missing, sameId, killed } = entry;
    const key = JSON.stringify([durableSteps, trace, paused, missing, sameId, killed]);
    if (groups.has(key)) groups.set(key, { name: entry.name.split(',')[0], entry });
    else groups.set(key, { name: entry.name, entry });
  }
  return [...groups.values()];
}

function medians({ figures }) {
  const of = (name) => median(figures.map((figure) => figure[name]));
  return { rate: of('rate'), p50: of('p50'), p95: of('p95') };
}

function median(figures) {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

function versionOf(name) {
  const root = join(import.meta.dirname, '..', '..');
  const folder = name === 'nightshift' ? root : join(import.meta.dirname, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version}`;
}

function table(head, rows, numbersFrom = head.length) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i < numbersFrom ? '---' : '--:'));
  return [head, rule, ...rows].map(line).join('\n');
}

const whole = (figure) => Math.round(figure).toLocaleString('en');
const ratio = (rate, ours) => (ours === undefined ? '' : `${(rate / ours).toFixed(1)}×`);
const firstLine = (text) => text.split('\n')[0].replaceAll('|', '\\|');
const lowerFirst = (text) => text.charAt(0).toLowerCase() + text.slice(1);
