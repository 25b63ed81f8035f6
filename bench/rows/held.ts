import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import type { Ours } from '../nightshift';
import type { Reference } from '../reference/worker';
import { againstMs, type Contest, msOf, perSecond, type Row } from '../row';
import { type Sides, sideBySide } from '../sides';

// 10,000 is what the bars speak of, and takes some minutes a round: BENCH_HELD=10000 npm run bench -- held
const EVENTS = Number(process.env['BENCH_HELD'] ?? 1_000);
const IN_FLIGHT = 40;
const SIGNALS_IN_FLIGHT = 16;
const HANDLER = 'waits';
const EVERY_MS = 100;
const DONE = 'WorkflowType = "waits" AND ExecutionStatus = "Completed"';
const WAITING = 'NightshiftStatus = "new"';

const row = (
  described: Omit<Row, 'start'>,
  rounds: (sides: Sides) => Pick<Contest, 'ours' | 'reference'>,
): Row => sideBySide(join(__dirname, '..', 'apps', 'waits.ts'), described, rounds);

async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await wait(EVERY_MS);
}

/** Emits to the paused queue; resolves when all are held. */
async function hold({ ours: { client }, reference }: Sides, round: number): Promise<void> {
  await client.queues.pause(HANDLER);
  await perSecond(EVENTS, IN_FLIGHT, (i) => client.emit(i, HANDLER, { id: `${round}-${i}` }));
  // Both sides are asked in the same way, so that looking costs both the same
  await until(async () => (await reference.count(WAITING, client.name)) >= EVENTS);
}

/** Lets them go; resolves when all are done. */
async function letGo({ ours: { client }, reference }: Sides, before: number): Promise<void> {
  await client.queues.resume(HANDLER);
  await until(async () => (await reference.count(DONE, client.name)) >= before + EVENTS);
}

/** Resolves when all wait. */
async function startWaiting(reference: Reference, round: number): Promise<void> {
  await perSecond(EVENTS, IN_FLIGHT, (i) => reference.start('waits', `${round}-${i}`, i));
  await until(async () => (await reference.count(WAITING)) >= EVENTS);
}

/** Resolves when all are done. */
async function signalAll(reference: Reference, round: number, doneBefore: number): Promise<void> {
  await perSecond(EVENTS, SIGNALS_IN_FLIGHT, (i) => reference.signal(`${round}-${i}`, 'resume'));
  const done = doneBefore + EVENTS;
  await until(async () => (await reference.count(DONE)) >= done);
}

const rateOf = async (work: () => Promise<unknown>): Promise<number> =>
  (EVENTS * 1000) / (await msOf(work));

const doneOf = ({ ours, reference }: Sides): Promise<number> =>
  reference.count(DONE, ours.client.name);

export const held = row(
  {
    name: 'held',
    what: `${EVENTS} events of a paused queue, until all are held, against starts of a workflow that waits`,
    unit: 'events/s',
    atLeast: 0.9,
  },
  (sides) => ({
    async ours(round) {
      const done = await doneOf(sides);
      const rate = await rateOf(() => hold(sides, round));
      const mb = Math.round(process.memoryUsage().rss / 2 ** 20);
      console.error(`memory of worker, client and reference in one process: ${mb} MB`);
      await letGo(sides, done);
      return rate;
    },
    async reference(round) {
      const { reference } = sides;
      const done = await reference.count(DONE);
      const rate = await rateOf(() => startWaiting(reference, round));
      await signalAll(reference, round, done);
      return rate;
    },
  }),
);

export const resumed = row(
  {
    name: 'resumed',
    what: `${EVENTS} held events, resumed until all are done, against bare signals to a workflow that waits`,
    unit: 'events/s',
    atLeast: 0.9,
  },
  (sides) => ({
    async ours(round) {
      const done = await doneOf(sides);
      await hold(sides, round);
      return rateOf(() => letGo(sides, done));
    },
    async reference(round) {
      const { reference } = sides;
      const done = await reference.count(DONE);
      await startWaiting(reference, round);
      return rateOf(() => signalAll(reference, round, done));
    },
  }),
);

/** A row whose bar is a time and not another program. */
function within(
  described: Omit<Row, 'start' | 'atLeast' | 'unit'>,
  ms: number,
  ours: (client: Ours['client']) => Promise<unknown>,
): Row {
  return row({ ...described, unit: 'calls/s', atLeast: 1 }, (sides) =>
    againstMs(ms, async (round) => {
      if (round === 0) await hold(sides, round);
      return msOf(() => ours(sides.ours.client));
    }),
  );
}

export const queuesList = within(
  { name: 'queues-list', what: `queues.list() with ${EVENTS} held, against 100 ms` },
  100,
  (client) => client.queues.list(),
);

export const pauseTakesEffect = within(
  {
    name: 'pause',
    what: `pause() of a queue with ${EVENTS} held, until it is in force, against 50 ms`,
  },
  50,
  (client) => client.queues.pause(HANDLER),
);
