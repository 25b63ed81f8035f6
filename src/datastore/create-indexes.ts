import type { Db } from 'mongodb';
import { messageOf } from '../shared/errors';
import type { Logger } from '../shared/logger';

/** MongoDB allows 64 a collection; the rest is for the key and for whoever adds some by hand. */
const MAX_INDEXES = 60;

/**
 * Creates those of the wanted indexes that a datastore lacks, one after the other, and tells the log. Never rejects: a
 * query without its index is slow, and still right.
 */
export async function createIndexes(
  db: Db,
  wanted: ReadonlyMap<string, readonly string[]>,
  logger: Logger,
): Promise<void> {
  for (const [datastore, paths] of wanted) {
    try {
      await createMissing(db, datastore, paths, logger);
    } catch (error) {
      logger.log('warn', 'indexes not created: queries of this datastore may be slow', {
        datastore,
        error: messageOf(error),
      });
    }
  }
}

async function createMissing(
  db: Db,
  datastore: string,
  paths: readonly string[],
  logger: Logger,
): Promise<void> {
  if (paths.length === 0) return;
  const collection = db.collection(datastore);
  const existing = (await collection.indexes()).map(({ key }) => Object.keys(key).join());
  const missing = paths.filter((path) => !existing.includes(path));
  const room = Math.max(0, MAX_INDEXES - existing.length);
  for (const path of missing.slice(0, room)) {
    await collection.createIndex({ [path]: 1 });
    logger.log('info', 'index created', { datastore, field: path.slice(2) });
  }
  if (missing.length > room) {
    logger.log('warn', `a datastore has at most ${MAX_INDEXES} indexes: some fields have none`, {
      datastore,
      fields: missing.slice(room).map((path) => path.slice(2)),
    });
  }
}
