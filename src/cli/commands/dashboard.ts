import { connect } from '../../../client';
import { DASHBOARD_PORT, serveDashboard } from '../../dashboard/serve-dashboard';
import { type CommandDefinition, connectionOptions, textOption } from '../command';
import { configOf } from '../dev-state';
import { portOf } from '../port-option';
import { untilStopped } from '../until-stopped';
import { tokensIn } from '../tokens';

export const dashboard: CommandDefinition = {
  name: 'dashboard',
  summary: 'serve the pages of an app, and its HTTP interface',
  args: [],
  options: [
    ...connectionOptions,
    { flags: '--host <address>', summary: 'default 127.0.0.1; any other demands NIGHTSHIFT_TOKEN' },
    { flags: '--port <port>', summary: `default ${DASHBOARD_PORT}` },
  ],
  example: 'nightshift dashboard --name shop',

  async run(input, io) {
    const port = portOf(input, 'port');
    const host = textOption(input, 'host');
    await using client = await connect(configOf(input, io));
    const served = await serveDashboard({
      client,
      tokens: tokensIn(io.env),
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
