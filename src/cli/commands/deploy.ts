import { setTimeout as wait } from 'node:timers/promises';
import { connectTemporal } from '../../connections/temporal';
import { hasCode } from '../../shared/errors';
import { makeCurrent } from '../../worker/builds';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';

/** A worker process that starts is known to Temporal a moment later. */
const KNOWN_WITHIN_MS = 15_000;
const EVERY_MS = 250;

export const deploy: CommandDefinition = {
  name: 'deploy',
  summary: 'let events begin on the worker processes of a build',
  args: [{ name: 'build', summary: 'their NIGHTSHIFT_BUILD_ID' }],
  options: connectionOptions,
  example: 'nightshift deploy 2026-11-21.1',

  async run(input, io) {
    const { name, temporal: config } = configOf(input, io);
    const { build = '' } = input.args;
    const temporal = await connectTemporal(config);
    try {
      const deadline = Date.now() + KNOWN_WITHIN_MS;
      for (let isDone = false; !isDone;) {
        isDone = await makeCurrent(temporal.client, name, build).then(
          () => true,
          async (error: unknown) => {
            if (!hasCode(error, 'build_unknown') || Date.now() > deadline) throw error;
            await wait(EVERY_MS, undefined, { signal: io.signal });
            return false;
          },
        );
      }
    } finally {
      await temporal.close();
    }
    io.err(`${io.colors.green(io.symbols.done)} events of ${name} begin on build ${build}`);
    return 0;
  },
};
