/** What webpack's cache needs to know of a compiler; webpack is a dependency of Temporal's worker and not ours. */
export interface CachingCompiler {
  readonly cache: {
    readonly hooks: {
      readonly store: Tappable<(id: string, etag: unknown, data: unknown) => void>;
      readonly get: Tappable<(id: string, etag: unknown) => unknown>;
    };
  };
}

interface Tappable<F> {
  tap(options: { readonly name: string; readonly stage: number }, listener: F): void;
}

interface Entry {
  readonly etag: unknown;
  readonly data: unknown;
}

/** Before webpack's own cache in memory, which ends with its compiler. */
const STAGE = -11;
/** What webpack found behind an import, which depends on how the bundle is configured. */
const RESOLVED = /^ResolverCachePlugin/;
/** Of the rest only what is kept by module: whole bundles would come on top of each other. */
const BY_MODULE = /^Compilation\/(?:modules|codeGeneration)\|/;

const kept = new Map<string, Entry>();

/**
 * Makes webpack keep in this process what it made of each module, and take it again while the module's file has not
 * changed. Temporal makes a new compiler for each bundle; nearly all of the work are the modules of Temporal and
 * Nightshift, which are the same in each.
 * @param configuration tells bundles apart whose imports may lead elsewhere
 */
export const keptModules = (configuration: string): { apply(compiler: CachingCompiler): void } => ({
  apply({ cache: { hooks } }) {
    const keyOf = (id: string): string => (RESOLVED.test(id) ? `${id} ${configuration}` : id);
    hooks.store.tap({ name: 'nightshift', stage: STAGE }, (id, etag, data) => {
      if (RESOLVED.test(id) || BY_MODULE.test(id)) kept.set(keyOf(id), { etag, data });
    });
    hooks.get.tap({ name: 'nightshift', stage: STAGE }, (id, etag) => {
      const entry = kept.get(keyOf(id));
      return entry?.etag === etag ? entry?.data : undefined; // undefined: webpack's own cache is asked
    });
  },
});
