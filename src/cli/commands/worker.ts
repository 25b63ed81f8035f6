import { createWorker } from '../../worker/create-worker';
import { type CommandDefinition, connectionOptions, textOption } from '../command';
import { configOf } from '../dev-state';
import { createLineLogger } from '../log-lines';
import { served } from '../served';
import { untilStopped } from '../until-stopped';

export const worker: CommandDefinition = {
  name: 'worker',
  summary: 'serve an app on servers that run already',
  args: [{ name: 'app', summary: 'the file that exports the workers, crons and datastores' }],
  options: [
    ...connectionOptions,
    {
      flags: '--activities <file>',
      summary: 'the file with the activities (default: activities.ts beside the app)',
    },
  ],
  example: 'nightshift worker app.ts --name shop',

  async run(input, io) {
    const config = configOf(input, io);
    const { name, temporal, mongodb, metrics = false, buildId, retryDelayMs, callStacks } = config;
    const activities = textOption(input, 'activities');
    const process = await createWorker({
      app: input.args['app'] ?? '',
      name,
      temporal,
      mongodb,
      metrics,
      openTelemetry: config.openTelemetry ?? false,
      shutdownGrace: config.shutdownGraceMs,
      ...(buildId === undefined ? {} : { buildId }),
      logger: createLineLogger(io),
      ...(retryDelayMs === undefined ? {} : { retryDelay: retryDelayMs }),
      ...(callStacks === undefined ? {} : { callStacks }),
      ...(activities === undefined ? {} : { activities }),
    });
    io.err(
      `${io.colors.green(io.symbols.done)} serving ${io.colors.bold(name)}: ${served(process.serves)}`,
    );
    io.send({ type: 'ready', name });
    // Temporal's runtime heeds signals, too, but misses one that comes before there is anything to end.
    const stopped = untilStopped(io).then(() => process.shutdown());
    await Promise.race([process.run(), stopped]);
    return 0;
  },
};
