import { mapLeaves } from '../definitions/map-leaves';
import { type Fields, t } from '../definitions/types';
import { momentOf } from '../shared/iso-time';
import { HashedPassword } from '../shared/password';

/**
 * A record as JSON has it, with what JSON lacks: times from their ISO texts, and each password that reads `<password>`
 * from the record as it was. What fits no field's type stays as it is: the check of the record names it.
 */
export function recordFromJson(fields: Fields, json: unknown, before: unknown): unknown {
  const leaf = (kind: string, value: unknown, was: unknown): unknown => {
    if (kind === 'Date') return momentOf(value) ?? value;
    const isKept = kind === 'Password' && was instanceof HashedPassword && value === was.toString();
    return isKept ? was : value;
  };
  return mapLeaves(t.Record(fields), json, leaf, before);
}
