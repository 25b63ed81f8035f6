import { sep } from 'node:path';
import { isOurs, isUsersFile } from './users-file';

/** A package that the app's code brings into the sandbox, beside Nightshift's own. */
export interface ImportSize {
  readonly name: string;
  /** Of its modules in the bundle: each event evaluates them anew. */
  readonly bytes: number;
  /** The file of the app that imports it; the first one, if several do. */
  readonly importedBy: string;
}

interface SizedModule {
  readonly resource?: string;
  size(): number;
}

interface Walk {
  readonly modules: Iterable<SizedModule>;
  readonly moduleGraph: {
    getOutgoingConnections(module: SizedModule): Iterable<{ readonly module: SizedModule | null }>;
  };
}

/** The largest first. What stands behind Nightshift's own modules comes with every app, and counts for none. */
export function importSizes({ modules, moduleGraph }: Walk): ImportSize[] {
  const sizes = new Map<string, ImportSize>();
  const seen = new Set<SizedModule>();
  const add = (module: SizedModule, importedBy: string): void => {
    const { resource } = module;
    if (resource === undefined || seen.has(module)) return;
    if (isUsersFile(resource) || isOurs(resource)) return;
    seen.add(module);
    const name = packageOf(resource);
    if (name !== undefined) {
      const known = sizes.get(name) ?? { name, bytes: 0, importedBy };
      sizes.set(name, { ...known, bytes: known.bytes + module.size() });
    }
    for (const next of moduleGraph.getOutgoingConnections(module))
      if (next.module !== null) add(next.module, importedBy);
  };
  for (const module of modules) {
    const { resource } = module;
    if (resource === undefined || !isUsersFile(resource)) continue;
    for (const next of moduleGraph.getOutgoingConnections(module))
      if (next.module !== null) add(next.module, resource);
  }
  return [...sizes.values()].sort((a, b) => b.bytes - a.bytes);
}

/** `lodash` of `/shop/node_modules/lodash/map.js`, `@scope/name` likewise. */
export function packageOf(file: string): string | undefined {
  const [first, second] = file.split(`${sep}node_modules${sep}`).at(-1)?.split(sep) ?? [];
  if (first === undefined || !file.includes(`${sep}node_modules${sep}`)) return undefined;
  return first.startsWith('@') ? `${first}/${second}` : first;
}
