import { send, type Server } from '../stage/server';
import type { Stage } from '../stage/stage';
import type { Supervised } from '../stage/supervised';
import { chosen, type Fault, type MakeFault } from './fault';

/** SIGSTOP, and SIGCONT later: the process does not know that time has passed. */
function freeze(name: string, pids: () => readonly number[] | Promise<readonly number[]>): Fault {
  let frozen: readonly number[] = [];
  return {
    on: name,
    what: `freeze ${name}`,
    async begin() {
      frozen = await pids();
      for (const pid of frozen) send(pid, 'SIGSTOP');
    },
    end() {
      for (const pid of frozen) send(pid, 'SIGCONT');
    },
  };
}

const freezeProcess =
  (choose: (stage: Stage) => readonly Supervised[]): MakeFault =>
  (planned, stage) => {
    const process = chosen(choose(stage), planned);
    return freeze(process.name, async () => [await process.pid()]);
  };

const freezeServer =
  (choose: (stage: Stage) => Server): MakeFault =>
  (_planned, stage) => {
    const server = choose(stage);
    return freeze(server.name, () => server.pids());
  };

export const freezes = {
  'freeze-worker': freezeProcess(({ workers }) => workers),
  'freeze-client': freezeProcess(({ client }) => [client]),
  'freeze-temporal': freezeServer(({ temporal }) => temporal),
  'freeze-mongodb': freezeServer(({ mongodb }) => mongodb),
} satisfies Record<string, MakeFault>;
