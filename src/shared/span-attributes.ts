interface Traced {
  readonly app: string;
  readonly handler: string;
  /** The event's. */
  readonly id: string;
}

/** What each span of ours tells. */
export const spanAttributes = ({ app, handler, id }: Traced): Record<string, string> => ({
  'nightshift.app': app,
  'nightshift.handler': handler,
  'nightshift.event.id': id,
});
