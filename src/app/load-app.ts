import { createJiti } from 'jiti';
import { type App, collectApp } from '../definitions/app';
import { indexPath } from './index-path';
import { loadFailed } from './load-failed';

/**
 * Loads an app's module in Node, for its definitions: handlers run in the sandbox only.
 * @throws {ConfigError} code `app_invalid` or `definition_duplicate`
 */
export async function loadApp(path: string): Promise<App> {
  return collectApp(await loadModule(path, 'app'), path);
}

/**
 * The same, as the module exports it.
 * @throws {ConfigError} code `app_invalid` or `definition_duplicate`
 */
export async function loadExports(path: string): Promise<Record<string, unknown>> {
  const exports = await loadModule(path, 'app');
  collectApp(exports, path);
  return exports;
}

/** @throws {ConfigError} code `app_invalid` */
export async function loadActivities(
  path: string,
): Promise<Record<string, (...args: never[]) => unknown>> {
  const exports = await loadModule(path, 'activities');
  const functions = Object.entries(exports).filter(
    ([name, value]) => name !== 'default' && typeof value === 'function',
  );
  return Object.fromEntries(functions) as Record<string, (...args: never[]) => unknown>;
}

/** TypeScript or JavaScript, CommonJS or ESM. Each call evaluates the module anew, for reload on save. */
async function loadModule(path: string, what: string): Promise<Record<string, unknown>> {
  const jiti = createJiti(path, {
    moduleCache: false,
    interopDefault: false,
    // one copy of this package, also for an app that lies inside its repository
    alias: { nightshift: indexPath },
  });
  try {
    return await jiti.import<Record<string, unknown>>(path);
  } catch (error) {
    throw loadFailed(path, what, error);
  }
}
