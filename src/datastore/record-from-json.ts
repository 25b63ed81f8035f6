import { mapLeaves } from '../definitions/map-leaves';
import { type Fields, t } from '../definitions/types';
import { HashedPassword } from '../shared/password';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A record as JSON has it, with what JSON lacks: times from their ISO texts, and each password that reads `<password>`
 * from the record as it was. What fits no field's type stays as it is: the check of the record names it.
 */
export function recordFromJson(fields: Fields, json: unknown, before: unknown): unknown {
  const leaf = (kind: string, value: unknown, was: unknown): unknown => {
    if (kind === 'Date')
      return typeof value === 'string' && ISO_TIME.test(value) ? new Date(value) : value;
    const isKept = kind === 'Password' && was instanceof HashedPassword && value === was.toString();
    return isKept ? was : value;
  };
  return mapLeaves(t.Record(fields), json, leaf, before);
}
