import { statSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { ConfigError } from '../shared/errors';

const EXTENSIONS = ['.ts', '.js', '.mjs', '.cjs'];
const GIVE_APP =
  'give the file that exports your workers, crons and datastores, e.g. npx nightshift dev app.ts';

/**
 * The absolute path of an app's module.
 * @throws {ConfigError} code `app_not_found`
 */
export function resolveAppPath(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  if (!isFile(absolute)) {
    throw new ConfigError(
      'app_not_found',
      `No app module at "${relative(cwd, absolute) || absolute}"`,
      {
        remedies: [GIVE_APP],
      },
    );
  }
  if (!EXTENSIONS.includes(extname(absolute))) {
    throw new ConfigError(
      'app_not_found',
      `An app module is a file ending in ${EXTENSIONS.join(', ')}, got "${path}"`,
      { remedies: [GIVE_APP] },
    );
  }
  return absolute;
}

/** The module with the app's activities: `path` if given, else a file named `activities` beside the app, if there is one. */
export function resolveActivitiesPath(
  path: string | undefined,
  appPath: string,
  cwd: string,
): string | undefined {
  if (path !== undefined) {
    const absolute = resolve(cwd, path);
    if (isFile(absolute)) return absolute;
    throw new ConfigError(
      'app_not_found',
      `No activities module at "${relative(cwd, absolute) || absolute}"`,
      { remedies: ['give the file that exports the activities, or leave the option out'] },
    );
  }
  return EXTENSIONS.map((extension) => join(dirname(appPath), `activities${extension}`)).find(
    isFile,
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
