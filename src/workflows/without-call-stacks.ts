/**
 * Temporal's worker takes a stack trace of each promise that a run makes, for the query `__stack_trace`: a fifth of all
 * that an event costs the worker process. It makes them with the sandbox's own `Error`, which it asks the constructor of
 * `Promise` for; given a class without stacks, it keeps none. Loaded before any run, see bundle-app.ts.
 */
const compile = Function;
const STACKS_ARE_TAKEN_WITH = 'return globalThis.Error';

class WithoutStack {}

Object.defineProperty(Promise, 'constructor', {
  value: (source: string): unknown =>
    source === STACKS_ARE_TAKEN_WITH ? () => WithoutStack : compile(source),
});
