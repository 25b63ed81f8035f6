// npm run fuzz: what others may send, type, set or save, made up by the hundred thousand.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from '../../src/servers/start-servers';
import { silentProgress } from '../../src/shared/progress';
import { openEdges, shareOf } from './edges';
import { fuzzEdge } from './fuzz-edge';
import { watchForHangs } from './watchdog';

const INPUTS = 100_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      inputs: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  const inputs = Number(values.inputs ?? INPUTS);
  console.log(`fuzz: seed ${seed}, ${inputs} inputs`);
  const stateDir = mkdtempSync(join(tmpdir(), 'nightshift-fuzz-'));
  const servers = await startServers({
    ...{ stateDir, env: process.env, ui: false, progress: silentProgress },
    ports: { temporal: 0, temporalUi: 0, mongodb: 0 },
  });
  let failed = 0;
  let passed = 0;
  try {
    const addresses = {
      TEMPORAL_ADDRESS: servers.temporal.address,
      MONGODB_URI: servers.mongodb.uri,
    };
    for (const [name, open] of Object.entries(openEdges(addresses))) {
      if (values.only !== undefined && values.only !== name) continue;
      const edge = await open();
      const count = shareOf(edge, inputs);
      const stopWatching = watchForHangs(`${name}, seed ${seed}`);
      try {
        const began = Date.now();
        await fuzzEdge(edge, { seed, inputs: count });
        passed++;
        console.log(
          `✓ ${edge.name}: ${count} inputs in ${Math.round((Date.now() - began) / 1000)} s`,
        );
      } catch (error) {
        failed++;
        console.log(`✗ ${edge.name}: ${String(error instanceof Error ? error.stack : error)}`);
      } finally {
        stopWatching();
        await edge.close?.();
      }
    }
  } finally {
    await servers.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

// A call that Temporal's client (1.24) tries again after its connection was closed is thrown where nobody can catch it. The
// commands that were interrupted leave such calls behind; a process of its own would have ended with the command.
process.on('uncaughtException', (error) => {
  if (error.message === 'Channel has been shut down') return;
  console.error(error);
  process.exit(1);
});

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
