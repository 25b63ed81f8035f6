const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/g;

/** All ids in a text that look as if a program had made them by chance. */
export const uuidsIn = (text: string): readonly string[] => text.match(UUID) ?? [];

/**
 * What a step says, so that one of now is found among those of a past run wherever they stand. Ids that the run itself
 * made are equal to each other: those that are not in `known`, which holds what came from outside. The id of an emitted
 * event, the key of an added record and the revision of an updated one do not count.
 * @param args plain JSON, as `toPlainJson(shownArgs(…))` gives it
 */
export function contentOf(name: string, args: unknown, known: ReadonlySet<string>): string {
  return `${name} ${comparable(withoutIds(name, args), known)}`;
}

/** What a step was about, without the id of an emitted event: for where a past run's arguments are not known. */
export const aboutOf = (name: string, summary: string): string =>
  name === 'Event::emit' ? summary.slice(0, summary.lastIndexOf(' ')) : summary;

/** A text that is equal for values that differ in nothing but ids that the run made, and the order of members. */
export function comparable(json: unknown, known: ReadonlySet<string>): string {
  const text = JSON.stringify(json, sorted) ?? 'undefined';
  return text.replace(UUID, (id) => (known.has(id) ? id : '<uuid>'));
}

function withoutIds(name: string, args: unknown): unknown {
  if (!Array.isArray(args)) return args;
  const [first, second, third, ...rest] = args as unknown[];
  if (name === 'DB::add') return [first, '<key>', third];
  if (name === 'DB::replace') return [first, second, '<revision>', ...rest];
  if (name !== 'Event::emit') return args;
  return [first, second, { ...(third as object), id: '<id>' }];
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
