import type { Document } from 'mongodb';

export interface Plan {
  /** The indexes that found the records, without the one on the key; empty if all records had to be read. */
  readonly indexes: readonly string[];
  /** How many records were read; undefined where the server does not tell. */
  readonly read: number | undefined;
}

/** Every collection has it, and a plan may use it to read all records: no sign that a query is served by an index. */
const KEY_INDEX = '_id_';

/** What a server's explain says, of MongoDB (its winning plan) or of DocumentDB (PostgreSQL's plan). */
export function readExplain(explain: Document): Plan {
  const indexes = new Set<string>();
  collectIndexes(explain['queryPlanner'] as unknown, indexes);
  indexes.delete(KEY_INDEX);
  const stats = explain['executionStats'] as { totalDocsExamined?: unknown } | undefined;
  const examined = Number(stats?.totalDocsExamined);
  return { indexes: [...indexes].sort(), read: Number.isNaN(examined) ? undefined : examined };
}

function collectIndexes(node: unknown, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    // plans that were thought of and not taken
    if (name === 'rejectedPlans' || name === 'IndexCosts') continue;
    if ((name === 'indexName' || name === 'Index Name') && typeof value === 'string')
      found.add(value);
    collectIndexes(value, found);
  }
}
