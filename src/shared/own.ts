/** A member that is the object's own: a field may be named `constructor`, which every object inherits. */
export function own<T>(object: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
