import { type Collection, type Document, type Filter, type UpdateFilter } from 'mongodb';
import { isDuplicateKey } from './mongodb-options';
import { ConflictError } from '../shared/errors';

/** A document that remembers the last operations that wrote it, newest last. */
export interface Written extends Document {
  readonly _id: string;
  readonly o: readonly string[];
}

const TRIES = 20;

/**
 * Upserts document `id` by `update`, unless `operation` has written it already: a step whose task was lost runs again,
 * and must then neither repeat its write nor overwrite a later one of somebody else. The operation is stored in the
 * same write; the document keeps the last `kept` of them.
 */
export async function applyOnce<D extends Written>(
  collection: Collection<D>,
  id: string,
  operation: string,
  update: UpdateFilter<D>,
  kept: number,
): Promise<void> {
  const stamped = {
    ...update,
    $push: { ...update.$push, o: { $each: [operation], $slice: -kept } },
  } as unknown as UpdateFilter<D>;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      await collection.updateOne({ _id: id, o: { $ne: operation } } as Filter<D>, stamped, {
        upsert: true,
      });
      return;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Either the operation is applied, so the upsert found nothing to update and could not insert a second one; or
      // two first writes of the document met, and this one has to try again.
      const applied = { _id: id, o: operation } as Filter<D>;
      if ((await collection.findOne(applied, { projection: { _id: 1 } })) !== null) return;
    }
  }
  throw new ConflictError(
    'write_conflict',
    `"${id}" of "${collection.collectionName}" is being written by too many at once`,
    { remedies: ['try again, and spread the writes over more records'] },
  );
}
