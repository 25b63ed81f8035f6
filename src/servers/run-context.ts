import { type ServerProcess } from './server-process';
import { type StateClaim } from './state-claim';

/** What every server is started with. */
export interface RunContext {
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  readonly claim: StateClaim;
  /** Called for each process at once when it is started, so that it is ended whatever happens afterwards. */
  readonly started: (server: ServerProcess) => void;
}
