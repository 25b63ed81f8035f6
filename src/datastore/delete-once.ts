import { type Collection, type Db } from 'mongodb';
import { DURABLE, isDuplicateKey } from './mongodb-options';
import type { StoredRecord } from './codec';

/** Which version of a record an operation deleted: a record is gone with its own list of operations. */
interface Deletion {
  readonly _id: string;
  /** The record's revision and last operation: together they name one version of it. */
  readonly r: number;
  readonly last: string;
  readonly at: Date;
}

const KEPT_SECONDS = 24 * 60 * 60;

/** Tasks are repeated within minutes, so deletions need not be remembered longer than a day. */
export async function indexDeletions(db: Db): Promise<void> {
  await deletionsOf(db).createIndex({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
}

/**
 * Deletes record `key`, unless `operation` has deleted it already: a step whose task was lost runs again, and must not
 * delete what somebody stored under the key since.
 */
export async function deleteOnce(
  db: Db,
  records: Collection<StoredRecord>,
  key: string,
  operation: string,
): Promise<void> {
  const _id = `${operation}/${records.collectionName}/${key}`;
  for (;;) {
    const record = await records.findOne({ _id: key }, { projection: { r: 1, o: 1 } });
    if (record === null) return;
    const { deletion, isFirst } = await remember(db, {
      _id,
      r: record.r,
      last: record.o.at(-1) ?? '',
      at: new Date(),
    });
    const { deletedCount } = await records.deleteOne({ _id: key, r: deletion.r, o: deletion.last });
    // Another version now: written after this operation deleted its own, and then it stays; or, the first time, written
    // between the look and the deletion, and then it is the one to delete.
    if (deletedCount === 1 || !isFirst) return;
    await deletionsOf(db).deleteOne({ _id });
  }
}

async function remember(
  db: Db,
  deletion: Deletion,
): Promise<{ deletion: Deletion; isFirst: boolean }> {
  const deletions = deletionsOf(db);
  try {
    await deletions.insertOne(deletion);
    return { deletion, isFirst: true };
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const earlier = await deletions.findOne({ _id: deletion._id });
    return { deletion: earlier ?? deletion, isFirst: false };
  }
}

function deletionsOf(db: Db): Collection<Deletion> {
  return db.collection('nightshift.deletions', DURABLE);
}
