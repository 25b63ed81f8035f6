import { InvalidInputError } from './errors';
import { payloadConverter, unstorable } from './payload-converter';
import { inspectValue, MAX_VALUE_BYTES } from './storable';

const ADVICE = 'Store it in a datastore, in parts, and pass its key';

/**
 * @param advice what to do about a value that is too large
 * @throws {InvalidInputError} code `value_not_storable` or `value_too_large`. Found here, before Temporal meets the
 * value: there it would fail the workflow task, which is repeated for ever.
 */
export function checkStorable(value: unknown, what: string, advice = ADVICE): void {
  const { problem, maxBytes } = inspectValue(value, what);
  if (problem !== undefined) throw new InvalidInputError('value_not_storable', unstorable(problem));
  if (maxBytes <= MAX_VALUE_BYTES) return;
  const bytes = payloadConverter.toPayload(value).data?.length ?? 0;
  if (bytes > MAX_VALUE_BYTES) {
    throw new InvalidInputError(
      'value_too_large',
      `Cannot be stored: ${what} has ${bytes} bytes; expected at most ${MAX_VALUE_BYTES} (2 MB). ${advice}`,
      { details: { bytes, limit: MAX_VALUE_BYTES } },
    );
  }
}
