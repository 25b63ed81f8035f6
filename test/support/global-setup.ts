import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers } from '../../src/servers/start-servers';
import { keepForTeardown } from './global-servers';
import { lineProgress } from './line-progress';

/** One Temporal and one MongoDB for the whole run; those that the environment names are used instead. */
// eslint-disable-next-line import-x/no-default-export -- jest wants it so
export default async function globalSetup(): Promise<void> {
  const { env } = process;
  if (env['TEMPORAL_ADDRESS'] && env['MONGODB_URI']) return;
  const stateDir = mkdtempSync(join(tmpdir(), 'nightshift-test-'));
  const removeState = (): Promise<void> => rm(stateDir, { recursive: true, force: true });
  try {
    const servers = await startServers({
      stateDir,
      env,
      ports: { temporal: 0, temporalUi: 0, mongodb: 0 },
      ui: false,
      progress: lineProgress((line) => process.stderr.write(`${line}\n`)),
    });
    env['TEMPORAL_ADDRESS'] = servers.temporal.address;
    env['MONGODB_URI'] = servers.mongodb.uri;
    keepForTeardown(async () => {
      await servers.close();
      await removeState();
    });
  } catch (error) {
    await removeState();
    throw error;
  }
}
