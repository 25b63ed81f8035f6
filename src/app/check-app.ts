import { relative } from 'node:path';
import { textOfTime } from '../crons/text-of-time';
import type { App } from '../definitions/app';
import { textOfType } from '../definitions/types';
import type { LinkedEmit } from '../query/link-modules';
import { type ErrorCode, messageOf, NightshiftError, NotFoundError } from '../shared/errors';
import { nearest } from '../shared/nearest';
import { resolveActivitiesPath } from './app-path';
import { bundleApp } from './bundle-app';
import { checkUses, type WantedIndexes } from './check-uses';
import { type EventCost, eventCostOf } from './event-cost';
import { loadActivities, loadApp } from './load-app';

export interface Problem {
  readonly code: ErrorCode | 'unexpected';
  readonly message: string;
  readonly remedies: readonly string[];
}

/** What can be known of an app from its files alone. */
export interface AppCheck {
  readonly workers: readonly string[];
  readonly crons: readonly { readonly name: string; readonly when: string }[];
  readonly datastores: readonly CheckedDatastore[];
  readonly migrations: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Absent where a problem is in the way of measuring it. */
  readonly eventCost?: EventCost;
  /** Calls of `emit` whose handler only the running code knows: `file:line:column`. */
  readonly emitsUnknown: readonly string[];
  readonly problems: readonly Problem[];
}

export interface CheckedDatastore {
  readonly name: string;
  /** Field name → type, as text. */
  readonly fields: Readonly<Record<string, string>>;
  /** The fields that its queries want indexes on; a worker process makes them when it starts. */
  readonly indexes: readonly string[];
}

interface AppFiles {
  /** Absolute, as `resolveAppPath` gives it. */
  readonly appPath: string;
  readonly activities: string | undefined;
  readonly cwd: string;
}

/** Loads and bundles an app as a worker process does, and goes on where that stops at the first problem. */
export async function checkApp({ appPath, activities, cwd }: AppFiles): Promise<AppCheck> {
  const problems: Problem[] = [];
  const found = (error: unknown): undefined => void problems.push(problemOf(error));
  const loadedActivities = async (): Promise<void> => {
    const path = resolveActivitiesPath(activities, appPath, cwd);
    if (path !== undefined) await loadActivities(path);
  };
  const unloaded = new Set<unknown>();
  const loading = loadApp(appPath).catch((error: unknown) => {
    unloaded.add(fileOf(error));
    return found(error);
  });
  const [app, bundle] = await Promise.all([
    loading,
    bundleApp(appPath, { refused: found }).catch(async (error: unknown) => {
      await loading;
      // Of a file that does not parse, or lacks an import, the bundler says the same once more.
      return isFurther(error) || !unloaded.has(fileOf(error)) ? found(error) : undefined;
    }),
    loadedActivities().catch(found),
  ]);
  const isSound = app !== undefined && problems.length === 0;
  const cost = isSound && bundle ? await eventCostOf(bundle).catch(found) : undefined;
  const emits = bundle?.emits ?? [];
  const indexes = app && bundle ? checkUses(app, bundle.uses, found) : new Map<string, never>();
  if (app) checkEmits(app, emits, found);
  return {
    ...definitionsOf(app, indexes),
    ...(cost === undefined ? {} : { eventCost: withPathsFrom(cwd, cost) }),
    emitsUnknown: emits.filter(({ handler }) => handler === undefined).map(({ at }) => at),
    problems,
  };
}

const withPathsFrom = (cwd: string, { imports, ...cost }: EventCost): EventCost => ({
  ...cost,
  imports: imports.map((each) => ({ ...each, importedBy: relative(cwd, each.importedBy) })),
});

type Definitions = Pick<AppCheck, 'workers' | 'crons' | 'datastores' | 'migrations'>;

function definitionsOf(app: App | undefined, indexes: WantedIndexes): Definitions {
  if (app === undefined) return { workers: [], crons: [], datastores: [], migrations: [] };
  return {
    workers: [...app.workers.keys()],
    crons: [...app.crons.values()].map(({ name, when }) => ({ name, when: textOfTime(when) })),
    datastores: [...app.datastores.values()].map(({ name, fields }) => ({
      name,
      fields: Object.fromEntries(
        Object.entries(fields).map(([field, type]) => [field, textOfType(type)]),
      ),
      indexes: (indexes.get(name) ?? []).map((path) => path.replace(/^v\./, '')),
    })),
    migrations: [...app.migrations.values()].map(({ name, from, to }) => ({
      name,
      from: from.name,
      to: to.name,
    })),
  };
}

/** An event for a name that the app does not have is not lost, but nobody handles it: it ends on the 404 list. */
function checkEmits(
  { handlers }: App,
  emits: readonly LinkedEmit[],
  found: (error: unknown) => void,
): void {
  for (const { handler, at } of emits) {
    if (handler === undefined || handlers.has(handler)) continue;
    const near = nearest(handler, handlers.keys());
    const remedies =
      near === undefined
        ? [`export a worker of that name from the app module, or emit to one of its own`]
        : [`did you mean "${near}"?`];
    found(
      new NotFoundError(
        'handler_unknown',
        `${at} emits to "${handler}", which the app does not have`,
        {
          details: { handler, at },
          remedies,
        },
      ),
    );
  }
}

const fileOf = (error: unknown): unknown =>
  error instanceof NightshiftError ? error.details['file'] : undefined;

/** What only the bundler finds: an import of Node's, or a query. */
const isFurther = (error: unknown): boolean =>
  !(error instanceof NightshiftError && error.code === 'bundle_failed') ||
  error.details['request'] !== undefined;

function problemOf(error: unknown): Problem {
  if (!(error instanceof NightshiftError))
    return { code: 'unexpected', message: messageOf(error), remedies: [] };
  const { code, message, remedies } = error;
  return { code, message, remedies };
}
