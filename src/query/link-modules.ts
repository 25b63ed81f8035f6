/** Follows the imports of an app's modules, so that each use of a datastore and of a handler is known by its name. */
import type { CompiledModule, EmitUse, StoreUse } from './compile-module';
import type { DefinitionRef } from './module-refs';

/** A use of the datastore of that name; undefined if the modules' text does not tell. */
export interface LinkedUse extends Omit<StoreUse, 'store'> {
  readonly datastore: string | undefined;
}

/** A call of `emit` to the handler of that name; undefined if the modules' text does not tell. */
export interface LinkedEmit extends Omit<EmitUse, 'handler'> {
  readonly handler: string | undefined;
}

export interface LinkedModules {
  readonly uses: LinkedUse[];
  readonly emits: LinkedEmit[];
}

/** The module that `request` means in module `file`, if it is one of the app's. */
export type Resolve = (file: string, request: string) => string | undefined;

export function linkModules(
  modules: ReadonlyMap<string, CompiledModule>,
  resolve: Resolve,
): LinkedModules {
  /** `seen` ends circles of `export * from`. */
  const nameOf = (
    file: string,
    ref: DefinitionRef | undefined,
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
    const { definitions, stars } = module.exports;
    const own = definitions.get(exported);
    if (own !== undefined) return nameOf(file, own, now);
    for (const star of stars) {
      const name = nameOf(file, { k: 'export', from: star, exported }, now);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  const uses = [...modules].flatMap(([file, module]) =>
    module.uses.map(({ store, ...use }) => ({ ...use, datastore: nameOf(file, store, new Set()) })),
  );
  const emits = [...modules].flatMap(([file, module]) =>
    module.emits.map(({ handler, at }) => ({ at, handler: nameOf(file, handler, new Set()) })),
  );
  return { uses, emits };
}
