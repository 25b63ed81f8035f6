import { createWorker } from '../../worker/create-worker';
import { activitiesOption, type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import { createLineLogger } from '../log-lines';
import { served } from '../served';
import { keepHeapSmall } from '../small-heap';
import { untilStopped } from '../until-stopped';
import { workerOptionsOf } from '../worker-options';

export const worker: CommandDefinition = {
  name: 'worker',
  summary: 'serve an app on servers that run already',
  args: [{ name: 'app', summary: 'the file that exports the workers, crons and datastores' }],
  options: [...connectionOptions, activitiesOption],
  example: 'nightshift worker app.ts --name shop',

  async run(input, io) {
    keepHeapSmall();
    const config = configOf(input, io);
    const { name, temporal, mongodb, buildId } = config;
    const process = await createWorker({
      app: input.args['app'] ?? '',
      ...{ name, temporal, mongodb },
      openTelemetry: config.openTelemetry ?? false,
      ...workerOptionsOf(config, input),
      ...(buildId === undefined ? {} : { buildId }),
      logger: createLineLogger(io),
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
