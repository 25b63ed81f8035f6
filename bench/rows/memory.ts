import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MongoClient } from 'mongodb';
import { Big, BigV2 } from '../apps/million';
import { fillBig } from '../fill';
import { type Ours, startOurs } from '../nightshift';
import type { BenchContext, Row } from '../row';

const SMALL = 50_000;
const LARGE = 1_000_000;
const EVERY_MS = 250;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const liveMegabytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** The most that is in use of this process's heap while `work` goes on. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  let peak = liveMegabytes();
  const timer = setInterval(() => {
    peak = Math.max(peak, liveMegabytes());
  }, EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, liveMegabytes());
}

/** Compares the memory that `work` needs on a large datastore with that on a small one. */
function memoryRow(name: string, what: string, work: (ours: Ours) => Promise<unknown>): Row {
  return {
    name,
    what: `${what} of 1,000,000 records: memory in use, against 50,000 records`,
    unit: '/GB',
    atLeast: 1 / 1.2,
    rounds: 1,

    async start(context: BenchContext) {
      const prefix = `bench-${name}-${process.pid}`;
      const measured = async (count: number): Promise<number> => {
        const app = `${prefix}-${count}`;
        await using ours = await startOurs(app, require.resolve('../apps/million'), context);
        await using client = await MongoClient.connect(context.mongodb);
        await fillBig(client.db(app), count);
        return 1024 / (await peakOf(() => work(ours)));
      };
      await measured(1000); // warm-up
      return {
        ours: (round) => measured(round === 0 ? 1000 : LARGE),
        reference: (round) => measured(round === 0 ? 1000 : SMALL),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    },
  };
}

export const scanMemory = memoryRow('scan-memory', 'DB.scan', async ({ client }) => {
  for await (const [key] of client.DB.scan(Big)) if (key === '') throw new Error('no key');
});

export const migrationMemory = memoryRow('migration-memory', 'Migration', async ({ client }) => {
  const { counts } = await (await client.migrations.start('big-v2')).result();
  if (counts?.equal !== true) throw new Error(`${BigV2.name} lacks records`);
});
