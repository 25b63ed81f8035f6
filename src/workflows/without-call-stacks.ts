/**
 * Temporal's worker takes a stack trace of each promise that a run makes, for the query `__stack_trace`: a fifth of all
 * that an event costs the worker process. For that it has the constructor of `Promise` compile what gives it the run and
 * the sandbox's own `Error`, twice and more a promise. Here it is given what was compiled once, and a class without
 * stacks, so that it keeps none. Loaded before any run, see bundle-app.ts.
 */
const compile = Function;
const run = globalThis as { readonly __TEMPORAL_ACTIVATOR__?: unknown };

class WithoutStack {}

const compiled: ReadonlyMap<string, () => unknown> = new Map([
  ['return globalThis.__TEMPORAL_ACTIVATOR__', () => run.__TEMPORAL_ACTIVATOR__],
  ['return globalThis.Error', () => WithoutStack],
]);

Object.defineProperty(Promise, 'constructor', {
  value: (source: string): unknown => compiled.get(source) ?? compile(source),
});
