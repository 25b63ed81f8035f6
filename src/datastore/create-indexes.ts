import type { Collection, Db } from 'mongodb';
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
    if (paths.length > 0) await createMissing(db.collection(datastore), paths, logger);
  }
}

async function createMissing(
  collection: Collection,
  paths: readonly string[],
  logger: Logger,
): Promise<void> {
  const datastore = collection.collectionName;
  const attempt = async <T>(
    fields: readonly string[],
    work: () => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const reason = { datastore, fields: fields.map(fieldOf), error: messageOf(error) };
      logger.log('warn', 'index not created: queries for it are slow', reason);
      return undefined;
    }
  };
  const indexes = await attempt(paths, () => collection.indexes());
  if (indexes === undefined) return;
  const existing = indexes.map(({ key }) => Object.keys(key).join());
  const missing = paths.filter((path) => !existing.includes(path));
  const room = Math.max(0, MAX_INDEXES - existing.length);
  for (const path of missing.slice(0, room)) {
    const name = await attempt([path], () => collection.createIndex({ [path]: 1 }));
    if (name !== undefined)
      logger.log('info', 'index created', { datastore, field: fieldOf(path) });
  }
  if (missing.length > room) {
    logger.log('warn', `a datastore has at most ${MAX_INDEXES} indexes: some fields have none`, {
      datastore,
      fields: missing.slice(room).map(fieldOf),
    });
  }
}

const fieldOf = (path: string): string => path.replace(/^v\./, '');
