import { type Db, Long } from 'mongodb';
import { createSchemaLock } from '../src/datastore/schema-lock';
import { Big } from './apps/million';

const BATCH = 10_000;

/** Writes `count` records into `Big` as the product stores them, only quicker than it would one by one. */
export async function fillBig(db: Db, count: number): Promise<void> {
  const lock = createSchemaLock(db);
  await lock.prepare(Big);
  const g = await lock.lock(Big);
  const records = db.collection<{ _id: string }>(Big.name);
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => {
      const n = first + i;
      const v = {
        name: `person ${n}`,
        age: Long.fromNumber(n),
        joined: new Date(1_700_000_000_000 + n),
        tags: ['a', 'b', 'c'],
      };
      return { _id: keyOf(n), g, r: 1, o: [], v };
    });
    await records.insertMany(batch, { ordered: false });
  }
}

export const keyOf = (n: number): string => `k${String(n).padStart(7, '0')}`;
