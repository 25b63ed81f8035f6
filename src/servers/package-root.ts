import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of one of our Go modules, seen from the sources as well as from `dist`. */
export function goModuleDir(name: 'temporal-cli' | 'mongodb-gateway'): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'servers', name);
    if (existsSync(join(candidate, 'go.mod'))) return candidate;
    if (folder === dirname(folder))
      throw new Error(`The package lacks its folder "servers/${name}"`);
  }
}
