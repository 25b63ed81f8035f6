/** What the parts of a Date ask of a stored one: ranges of Dates, which an index serves. */
import { type Answers, datesThat, type Operators, type Relation, some } from './predicates';

const DATE: Operators = { $type: 9 };
const OPPOSITE = { lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' } as const;

/** `value.getTime() < limit` and its like; JavaScript throws for null. */
export const timeRelates = (op: Relation, limit: number): Answers => ({
  yes: some(...datesThat(op, limit)),
  no: some(...datesThat(OPPOSITE[op], limit)),
});

export function timeIs(ms: number): Answers {
  const possible = Number.isInteger(ms) && Math.abs(ms) <= 8.64e15;
  if (!possible) return { yes: some(), no: some(DATE) };
  const date = new Date(ms);
  return { yes: some({ $eq: date }), no: some({ ...DATE, $ne: date }) };
}

/** `value.getUTCFullYear() < year` and its like. */
export function yearRelates(op: Relation, year: number): Answers {
  const first = op === 'lt' || op === 'ge' ? Math.ceil(year) : Math.floor(year) + 1;
  return timeRelates(op === 'lt' || op === 'le' ? 'lt' : 'ge', startOfYear(first));
}

export function yearIs(year: number): Answers {
  if (!Number.isInteger(year)) return { yes: some(), no: some(DATE) };
  const [from, to] = [startOfYear(year), startOfYear(year + 1)];
  const [since, until] = [datesThat('ge', from)[0], datesThat('lt', to)[0]];
  const yes = since === undefined || until === undefined ? [] : [{ ...since, ...until }];
  return { yes: some(...yes), no: some(...datesThat('lt', from), ...datesThat('ge', to)) };
}

/** Infinite beyond what a Date can hold. */
function startOfYear(year: number): number {
  if (Math.abs(year) > 300_000) return year * Number.MAX_VALUE;
  const ms = new Date(0).setUTCFullYear(year, 0, 1);
  return Number.isNaN(ms) ? year * Number.MAX_VALUE : ms;
}
