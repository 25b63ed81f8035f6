/**
 * A query from end to end, for those who run it:
 *
 * - `checkQuery(lambda, store)` at worker start, before any captures are known → the fields it wants indexes on;
 * - `compileQuery(lambda, store, captures)` at each call → the filter, and `matches` to recheck what it finds with.
 */
import { checkLambda, type Store } from './check';
import { type CaptureValues, matches } from './evaluate';
import { indexFields } from './index-fields';
import type { Lambda } from './ir';
import { type QueryFilter, toFilter } from './to-filter';

export interface Query extends QueryFilter {
  /**
   * Whether the lambda returns true for a record as the codec decodes it. With `recheck`, only these of the records that
   * the filter finds are in the result; count them, and stop with an error, should there be too many.
   */
  readonly matches: (record: unknown) => boolean;
}

/** @throws {QueryError} code `query_invalid`: wrong whatever is captured */
export function checkQuery(lambda: Lambda, store: Store): { readonly indexFields: string[] } {
  const body = checkLambda(lambda, store);
  // Without captures all is known, also whether only JavaScript can tell.
  if (lambda.captures.length === 0) toFilter(lambda, body);
  return { indexFields: indexFields(body) };
}

/** @throws {QueryError} code `query_invalid`, or `capture_invalid` if a captured value is to blame */
export function compileQuery(lambda: Lambda, store: Store, captures: CaptureValues): Query {
  const compiled = toFilter(lambda, checkLambda(lambda, store, captures));
  return { ...compiled, matches: (record) => matches(lambda, captures, record) };
}
