import { connect } from '../../../client';
import { resolveAppPath } from '../../app/app-path';
import { DASHBOARD_PORT, serveDashboard } from '../../dashboard/serve-dashboard';
import { type CommandDefinition, connectionOptions, textOption } from '../command';
import { configOf } from '../dev-state';
import { createLineLogger } from '../log-lines';
import { portOf } from '../port-option';
import { installRuntime } from '../../worker/runtime';
import { projectOf } from '../project';
import { untilStopped } from '../until-stopped';
import { tokensIn } from '../tokens';

export const dashboard: CommandDefinition = {
  name: 'dashboard',
  summary: 'serve the pages of an app, and its HTTP interface',
  args: [],
  options: [
    ...connectionOptions,
    { flags: '--host <address>', summary: 'default 127.0.0.1; any other demands NIGHTSHIFT_TOKEN' },
    {
      flags: '--app <file>',
      summary: 'the file that exports the app: adds dry runs, and traces saved as tests',
    },
    { flags: '--port <port>', summary: `default ${DASHBOARD_PORT}` },
  ],
  example: 'nightshift dashboard --name shop',

  async run(input, io) {
    const port = portOf(input, 'port');
    const host = textOption(input, 'host');
    const file = textOption(input, 'app');
    const appPath = file === undefined ? undefined : resolveAppPath(file, io.cwd);
    if (appPath !== undefined) installRuntime(createLineLogger(io)); // dry runs need it
    const config = configOf(input, io);
    await using client = await connect(config);
    const served = await serveDashboard({
      client,
      tokens: tokensIn(io.env),
      portOption: '--port',
      ...(appPath === undefined
        ? {}
        : { project: projectOf({ client, mongodbUri: config.mongodb.uri, appPath, cwd: io.cwd }) }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    });
    try {
      io.err(`the dashboard of ${client.name}: ${served.url}`);
      io.send({ type: 'ready', url: served.url });
      await untilStopped(io);
      return 0;
    } finally {
      await served.close();
    }
  },
};
