import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../dist/client.js';
import { datastore, t } from '../../../dist/index.js';
import { obtainTemporal } from '../../../dist/src/servers/obtain-temporal.js';
import { defaultCacheDir } from '../../../dist/src/servers/cache.js';
import { startServers } from '../../../dist/src/servers/start-servers.js';
import { silentProgress } from '../../../dist/src/shared/progress.js';
import { createWorker } from '../../../dist/worker.js';

const APP = join(import.meta.dirname, '..', '..', 'apps', 'read-and-upsert.ts');
const People = datastore('People', { name: t.String, seen: t.Int });

/**
 * The servers of `nightshift dev`. `full`: Temporal waits for the disk at each commit, as the databases of the peers do.
 * @type {import('../one.mjs').Start}
 */
export async function start({ dir, variant }) {
  const { TEMPORAL_ADDRESS: _, MONGODB_URI: __, ...env } = process.env;
  const setup = { env, progress: silentProgress };
  const servers = await startServers({
    ...setup,
    stateDir: dir,
    ports: { temporal: 0, temporalUi: 0, mongodb: 0 },
    ui: false,
    ...(variant === 'full' ? { temporalBinary: await waitingForDisk(dir, setup) } : {}),
  });
  const options = {
    name: 'peers',
    temporal: { address: servers.temporal.address },
    mongodb: { uri: servers.mongodb.uri },
  };
  const worker = await createWorker({ ...options, app: APP, schedules: false });
  const running = worker.run();
  const client = await connect(options);
  const temporal = variant === 'full' ? 'the same' : servers.temporal.source;
  return {
    server: `Temporal ${temporal}; MongoDB ${servers.mongodb.source}`,
    async run(id, event) {
      const emitted = await client.emit(event, 'readAndUpsert', { id });
      await emitted.result();
    },
    count: () => client.DB.count(People),
    async close() {
      await client.close();
      await worker.shutdown();
      await running;
      await servers.close();
    },
  };
}

/** A program that starts Temporal with the one setting changed. */
async function waitingForDisk(dir, setup) {
  const { path } = await obtainTemporal(undefined, {
    ...setup,
    cacheDir: defaultCacheDir(setup.env),
    signal: undefined,
  });
  const script = join(dir, 'temporal-full');
  writeFileSync(
    script,
    `#!/bin/sh
for argument do
  shift
  [ "$argument" = synchronous=OFF ] && argument=synchronous=FULL
  set -- "$@" "$argument"
done
exec '${path}' "$@"
`,
  );
  chmodSync(script, 0o755);
  return script;
}
