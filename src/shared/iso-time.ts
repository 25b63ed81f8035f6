const DAY = String.raw`(?:\d{4}|[+-]\d{6})-\d\d-\d\d`;
const TIME = String.raw`T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)`;
const MOMENT = new RegExp(`^${DAY}${TIME}$`);
const MOMENT_OR_DAY = new RegExp(`^${DAY}(?:${TIME})?$`);

/** The moment that an ISO text with its offset says, as JSON has Dates; undefined for anything else. */
export const momentOf = (value: unknown): Date | undefined => dateOf(value, MOMENT);

/** The same; a day alone is its beginning in UTC. */
export const momentOrDayOf = (value: unknown): Date | undefined => dateOf(value, MOMENT_OR_DAY);

function dateOf(value: unknown, pattern: RegExp): Date | undefined {
  if (typeof value !== 'string' || !pattern.test(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
