/** Follows the imports of an app's modules, so that each use of a datastore is known by the datastore's name. */
import type { CompiledModule, StoreUse } from './compile-module';
import type { StoreRef } from './module-refs';

/** A use of the datastore of that name; undefined if the modules' text does not tell. */
export interface LinkedUse extends Omit<StoreUse, 'store'> {
  readonly datastore: string | undefined;
}

/** The module that `request` means in module `file`, if it is one of the app's. */
export type Resolve = (file: string, request: string) => string | undefined;

export function linkModules(
  modules: ReadonlyMap<string, CompiledModule>,
  resolve: Resolve,
): LinkedUse[] {
  /** `seen` ends circles of `export * from`. */
  const nameOf = (
    file: string,
    ref: StoreRef | undefined,
    seen: ReadonlySet<string>,
  ): string | undefined => {
    if (ref?.k !== 'export') return ref?.name;
    const target = ref.from === '' ? file : resolve(file, ref.from);
    return target === undefined ? undefined : exportedFrom(target, ref.exported, seen);
  };
  const exportedFrom = (
    file: string,
    exported: string,
    seen: ReadonlySet<string>,
  ): string | undefined => {
    const key = `${file}\n${exported}`;
    const module = modules.get(file);
    if (module === undefined || seen.has(key)) return undefined;
    const now = new Set(seen).add(key);
    const { stores, stars } = module.exports;
    const own = stores.get(exported);
    if (own !== undefined) return nameOf(file, own, now);
    for (const star of stars) {
      const name = nameOf(file, { k: 'export', from: star, exported }, now);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  return [...modules].flatMap(([file, { uses }]) =>
    uses.map(({ store, ...use }) => ({ ...use, datastore: nameOf(file, store, new Set()) })),
  );
}
