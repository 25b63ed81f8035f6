/**
 * The datastore that a field refers to by its name: `user`, `users`, `userId` and `userKeys` hold keys of `Users`. Nothing
 * in a schema says so: what is shown is a link, which leads to a record if there is one.
 */
export function referredTo(field: string, datastores: readonly string[]): string | undefined {
  const singular = (name: string): string => name.toLowerCase().replace(/s$/, '');
  const wanted = singular(field.replace(/_?(ids?|keys?)$/i, '') || field);
  return datastores.find((name) => singular(name) === wanted);
}
