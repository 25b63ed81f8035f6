import type { Server } from '../stage/server';
import type { Stage } from '../stage/stage';
import type { Supervised } from '../stage/supervised';
import { chosen, type Fault, type MakeFault } from './fault';

/** kill -9 of a process that a supervisor starts again. */
const killProcess =
  (choose: (stage: Stage) => readonly Supervised[]): MakeFault =>
  (planned, stage) => {
    const process = chosen(choose(stage), planned);
    return {
      on: process.name,
      what: `kill -9 ${process.name}`,
      begin: () => process.kill(planned.lastsMs),
      end: () => {},
    };
  };

/** kill -9 of a server, which is started again on the same data. */
const killServer =
  (choose: (stage: Stage) => Server): MakeFault =>
  (_planned, stage): Fault => {
    const server = choose(stage);
    return {
      on: server.name,
      what: `kill -9 ${server.name}`,
      begin: () => server.kill(),
      end: () => server.restart(),
    };
  };

export const kills = {
  'kill-worker': killProcess(({ workers }) => workers),
  'kill-client': killProcess(({ client }) => [client]),
  'kill-temporal': killServer(({ temporal }) => temporal),
  'kill-mongodb': killServer(({ mongodb }) => mongodb),
} satisfies Record<string, MakeFault>;
