import fc from 'fast-check';
import type { AnyEdge, Edge } from './edge';
import { watchPrototypes } from './pollution';

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
}

/** Of one input: beyond that, who sends it can stop the process by sending some. */
const MOST_CPU_MS = 1_000;
/** For edges that ask servers. */
const MOST_MS = 15_000;

/**
 * Gives an edge so many inputs. Rejects with the smallest input that it does something wrong with: crashes, hangs, or
 * changes a prototype.
 */
export async function fuzzEdge(edge: AnyEdge, { seed, inputs }: FuzzOptions): Promise<void> {
  const { inputs: arbitrary, ...it } = edge as unknown as Edge;
  const look = watchPrototypes();
  const property = fc.asyncProperty(arbitrary, async (input) => {
    const cpu = process.cpuUsage();
    const began = performance.now();
    await it.try(input);
    const { user, system } = process.cpuUsage(cpu);
    if ((user + system) / 1_000 > MOST_CPU_MS)
      throw new Error(`took ${Math.round((user + system) / 1_000)} ms of the processor`);
    const took = performance.now() - began;
    if (took > MOST_MS) throw new Error(`took ${Math.round(took)} ms`);
    look();
  });
  await fc.assert(property, { seed, numRuns: inputs });
}
