import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../version';
import { ConflictError, InvalidInputError } from '../shared/errors';
import { installedFrom } from './installed-from';

interface NewProject {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  readonly type: 'module' | 'commonjs';
}

/**
 * Copies `templates/app` into a new or empty folder, under the name of its own.
 * @throws {ConflictError} code `folder_not_empty`
 * @throws {InvalidInputError} code `usage` for a file
 */
export function makeProject({ folder, name, type }: NewProject): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true)
    throw new InvalidInputError('usage', `"${name}" is a file`, {
      remedies: ['name a folder that does not exist yet, or an empty one'],
    });
  // A repository may be there first; anything else could be overwritten.
  const inTheWay = existsSync(folder) ? readdirSync(folder).filter((file) => file !== '.git') : [];
  if (inTheWay.length > 0) {
    throw new ConflictError(
      'folder_not_empty',
      `The folder "${name}" is not empty: it holds ${inTheWay[0]}`,
      { remedies: ['name a folder that does not exist yet, or an empty one'] },
    );
  }
  cpSync(join(packageRoot, 'templates', 'app'), folder, { recursive: true });
  // npm leaves files named .gitignore out of packages.
  renameSync(join(folder, 'gitignore'), join(folder, '.gitignore'));
  change(join(folder, 'README.md'), (text) => text.replace(/^# app$/m, `# ${name}`));
  change(join(folder, 'package.json'), (text) => {
    const template = JSON.parse(text) as { readonly dependencies: Record<string, string> };
    const dependencies = { ...template.dependencies, nightshift: installedFrom(folder) };
    return `${JSON.stringify({ ...template, name, type, dependencies }, null, 2)}\n`;
  });
}

function change(file: string, how: (text: string) => string): void {
  writeFileSync(file, how(readFileSync(file, 'utf8')));
}
