import { InvalidInputError } from './errors';

/** @throws {InvalidInputError} code `rate_invalid` unless it is absent or a number of events a second above 0 */
export function checkRate(rate: unknown): void {
  if (rate === undefined || (typeof rate === 'number' && rate > 0 && Number.isFinite(rate))) return;
  throw new InvalidInputError(
    'rate_invalid',
    `Option "rate" must be a number of events a second above 0, got ${
      typeof rate === 'number' ? rate : typeof rate
    }`,
    { remedies: ['to let no event through, leave the queue paused'] },
  );
}
