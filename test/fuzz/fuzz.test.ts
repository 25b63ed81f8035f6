import { openEdges, shareOf } from './edges';
import { fuzzEdge } from './fuzz-edge';

// The same inputs each time; `npm run fuzz` tries others, and many more.
const SEED = 20_261_121;
const INPUTS = 4_000;

const edges = openEdges(process.env);

it.each(Object.keys(edges))(
  'no input makes it crash, hang, or change a prototype: %s',
  async (name) => {
    const edge = await edges[name]?.();
    if (edge === undefined) throw new Error(`no edge ${name}`);
    try {
      await fuzzEdge(edge, { seed: SEED, inputs: shareOf(edge, INPUTS) });
    } finally {
      await edge.close?.();
    }
  },
  120_000,
);
