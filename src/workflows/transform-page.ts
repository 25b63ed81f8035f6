import { bareDicts } from '../definitions/bare-dicts';
import { complaintsAboutRecord } from '../definitions/check-value';
import type { MigrationDefinition } from '../definitions/migration';
import { checkStorable } from '../shared/check-storable';
import { messageOf } from '../shared/errors';
import type { FailedRecord, PageEntry, TransformedPage } from '../shared/migration';

type Value = Record<string, unknown>;

const MAX_REASON = 500;

/** What a migration makes of a page. Ends at the first record that cannot be copied, unless all are to be tried. */
export function transformPage(
  migration: MigrationDefinition,
  page: readonly PageEntry[],
  { tryAll }: { readonly tryAll: boolean },
): TransformedPage {
  const records: [string, Value][] = [];
  const failures: FailedRecord[] = [];
  let leftOut = 0;
  for (const entry of page) {
    try {
      const record = transform(migration, entry);
      if (record === undefined) leftOut++;
      else records.push([entry[0], record]);
    } catch (error) {
      failures.push({ key: entry[0], reason: messageOf(error).slice(0, MAX_REASON) });
      if (!tryAll) break;
    }
  }
  return { records, leftOut, failures };
}

function transform(
  { from, to, transform }: MigrationDefinition,
  [key, record, unreadable]: PageEntry,
): Value | undefined {
  if (record === null) throw new Error(unreadable);
  const made = transform(bareDicts(from.fields, record) as never, key);
  if (made === undefined) return undefined;
  refusePromise(made);
  const complaints = complaintsAboutRecord(to.fields, made, to.name);
  if (complaints.length > 0) throw new Error(complaints.join(' & '));
  checkStorable(made, `the record for datastore "${to.name}"`);
  return made as Value;
}

function refusePromise(made: unknown): void {
  if (!(made instanceof Promise)) return;
  made.catch(() => {}); // nobody else looks at it, and a rejection without a handler would stop the workflow
  throw new Error("A migration's function must return the record itself, not a promise");
}
