/** The user's app module; the bundler puts it in this place. */
declare module 'nightshift-app' {
  const exported: Readonly<Record<string, unknown>>;
  export = exported;
}
