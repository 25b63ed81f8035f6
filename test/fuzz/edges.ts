import { type AnyEdge, anyEdge } from './edge';
import { commandLine } from './edges/command-line';
import { environment } from './edges/environment';
import { http } from './edges/http';
import { payloads, values } from './edges/payloads';
import { queries } from './edges/queries';
import { savedTraces } from './edges/saved-traces';

/** `servers`: where TEMPORAL_ADDRESS and MONGODB_URI are. */
export const openEdges = (
  servers: NodeJS.ProcessEnv,
): Readonly<Record<string, () => Promise<AnyEdge>>> => ({
  values: async () => anyEdge(values),
  payloads: async () => anyEdge(payloads),
  queries: async () => anyEdge(queries),
  'saved-traces': async () => anyEdge(savedTraces),
  environment: async () => anyEdge(environment),
  'command-line': async () => anyEdge(commandLine(servers)),
  http: async () => anyEdge(await http(servers)),
});

/** How many of `all` inputs are for an edge. */
export const shareOf = ({ share }: { readonly share: number }, all: number): number =>
  Math.max(1, Math.round((share * all) / 1_000));
