import { connect } from '../../../client';
import { resolveAppPath } from '../../app/app-path';
import { connectMongodb } from '../../connections/mongodb';
import { createDryRun } from '../../rerun/dry-run';
import { NightshiftError } from '../../shared/errors';
import { installRuntime } from '../../worker/runtime';
import { type CommandDefinition, connectionOptions } from '../command';
import { configOf } from '../dev-state';
import { createLineLogger } from '../log-lines';
import { renderDryRun } from '../render-dry-run';

const DEFAULT_APP = 'app.ts';
const DIFFERS = 1;

export const replay: CommandDefinition = {
  name: 'replay',
  summary: 'run a past event on the present code without doing anything, and show what differs',
  args: [
    { name: 'id', summary: "the event's id" },
    {
      name: 'app',
      summary: `the file that exports the app (default: ${DEFAULT_APP})`,
      optional: true,
    },
  ],
  options: [
    ...connectionOptions,
    { flags: '--dry-run', summary: 'read the real data, write and emit nothing (must be given)' },
    { flags: '--json', summary: 'print one JSON object' },
  ],
  example: 'nightshift replay signup-1 --dry-run app.ts',

  /** As `diff`: 0 if it would do the same, 1 if not. */
  async run(input, io) {
    const { id = '', app: file = DEFAULT_APP } = input.args;
    if (input.options['dryRun'] !== true) {
      throw new NightshiftError('usage', 'replay runs a past event only with --dry-run', {
        remedies: [
          `to see what it would do: nightshift replay ${id} --dry-run`,
          'to run failed events again for real: nightshift redrive <handler>',
        ],
      });
    }
    const appPath = resolveAppPath(file, io.cwd);
    const config = configOf(input, io);
    await using client = await connect(config);
    const mongodb = await connectMongodb(config.mongodb.uri, config.name);
    installRuntime(createLineLogger(io));
    try {
      const deps = { traces: client.traces, db: mongodb.db, app: config.name, appPath };
      const result = await createDryRun(deps).run(id);
      io.out(input.options['json'] === true ? JSON.stringify(result) : renderDryRun(result, io));
      return result.differs ? DIFFERS : 0;
    } finally {
      await mongodb.close();
    }
  },
};
