import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { packageRoot, version } from '../version';

/**
 * How the package.json of a project in `folder` names this package, so that it gets the same one: the file or the folder
 * that this one was installed from, else its version.
 */
export function installedFrom(folder: string): string {
  const root = realpathSync(packageRoot);
  const modules = dirname(root);
  // A clone, maybe linked into some project.
  if (basename(modules) !== 'node_modules') return fileSpec(folder, root);
  const source = sourceInLock(modules, basename(root));
  if (source === undefined) return `^${version}`;
  return source.startsWith('file:')
    ? fileSpec(folder, resolve(dirname(modules), source.slice('file:'.length)))
    : source;
}

/** What npm noted when it installed the package, unless it was a registry. */
function sourceInLock(modules: string, name: string): string | undefined {
  const file = join(modules, '.package-lock.json');
  if (!existsSync(file)) return undefined; // another package manager's
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  const { resolved } = packages?.[`node_modules/${name}`] ?? {};
  return resolved !== undefined && /^(file|git)/.test(resolved) ? resolved : undefined;
}

const fileSpec = (folder: string, path: string): string =>
  `file:${relative(folder, path).split(sep).join('/')}`;
