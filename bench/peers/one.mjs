// One entry, once, in a process of its own: node one.mjs <entry> <variant> <folder>. The figures go to the parent.
import { mkdirSync } from 'node:fs';
import { EVENTS, IN_FLIGHT, LATENCIES, PEOPLE, WARM_UP } from './settings.mjs';

/**
 * @typedef {{ key: string, name: string }} Event
 * @typedef {object} Entry
 * @property {(id: string, event: Event) => Promise<unknown>} run emits one event; resolves when it is done
 * @property {() => Promise<unknown>} [settled] resolves when what follows the events is done too
 * @property {() => Promise<number>} count how many records there are
 * @property {string} server what it runs on, with versions
 * @property {() => Promise<void>} close
 * @typedef {(options: { dir: string, inFlight: number, variant: string | undefined }) => Promise<Entry>} Start
 */

const [name, variant, dir] = process.argv.slice(2);
mkdirSync(dir, { recursive: true });
// Without a parent nobody waits for the figures, and nothing may stay behind.
process.once('disconnect', () => process.exit(1));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

let entry;
try {
  const { start } = await import(`./entries/${name}.mjs`);
  entry = await start({ dir, inFlight: IN_FLIGHT, variant });
  await perSecond('warm-up', WARM_UP);
  const rate = await perSecond('rate', EVENTS);
  const times = await oneByOne('latency', LATENCIES);
  const records = await entry.count();
  if (records !== Math.min(PEOPLE, EVENTS)) throw new Error(`${records} records were stored`);
  const figures = { rate, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
  process.send({ ...figures, server: entry.server });
} catch (error) {
  console.error(error);
  process.send({ failed: String(error.message) });
}
await entry?.close();
process.exit(0);

/** `n` events with IN_FLIGHT at a time, all done: how many a second. */
async function perSecond(phase, n) {
  let next = 0;
  const lane = async () => {
    while (next < n) await emit(phase, next++);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  await entry.settled?.();
  return (n * 1000) / (performance.now() - began);
}

/** `n` events, one after the other: ms from emit to done. */
async function oneByOne(phase, n) {
  const times = [];
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    await emit(phase, i);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

function emit(phase, i) {
  return entry.run(`${phase}-${i}`, { key: `person-${i % PEOPLE}`, name: `Person ${i}` });
}

function quantile(sorted, q) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}
