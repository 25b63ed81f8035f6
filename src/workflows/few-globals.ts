/**
 * All runs in a process share one sandbox. Whenever Temporal's worker turns to another run, it exchanges each property of
 * the global object, one by one. The language's own are the same for all, so they move to the global object's prototype:
 * what a run sets lies before them, is its own, and is all that is exchanged. Loaded before any run, see bundle-app.ts.
 */
const shared = Object.create(Object.getPrototypeOf(globalThis) as object) as object;
Object.setPrototypeOf(globalThis, shared);

for (const name of Object.getOwnPropertyNames(globalThis)) {
  const property = Object.getOwnPropertyDescriptor(globalThis, name);
  if (property?.configurable !== true || !('value' in property) || isTemporals(name)) continue;
  Object.defineProperty(shared, name, property);
  Reflect.deleteProperty(globalThis, name);
}

function isTemporals(name: string): boolean {
  return name.startsWith('__') || name === 'globalThis';
}
