import { type Collection, type Db, MongoBulkWriteError } from 'mongodb';
import { DUPLICATE_KEY, STRICT } from '../datastore/mongodb-options';
import type { RedriveStatus } from '../shared/redrive';

/** A run of an event that ended, and is to be followed by another. */
export interface EndedRun {
  readonly runId: string;
  readonly id: string;
  readonly handler: string;
  readonly status: RedriveStatus;
  readonly startedAt: Date;
  /** When Temporal forgets the run. */
  readonly expiresAt: Date;
}

interface StoredRun extends Omit<EndedRun, 'runId'> {
  readonly _id: string;
  readonly operation: string;
  readonly state: 'waiting' | 'done' | 'gone';
}

/**
 * The runs that redrives have to begin anew, and those that they have: Temporal lists the latter as failed for ever. A
 * run is in it once, so it is redriven once, whoever asks.
 */
export interface Redriven {
  /** Takes those that are not done for `operation`; gives how many. */
  add(operation: string, runs: readonly EndedRun[]): Promise<number>;
  /** In order of their start. */
  waiting(operation: string, limit: number): Promise<EndedRun[]>;
  /** `gone`: Temporal no longer has what the event was emitted with. */
  end(runIds: readonly string[], state: 'done' | 'gone'): Promise<void>;
  /** Forgets what waits for `operation`. */
  drop(operation: string): Promise<void>;
  /** Which of these runs were followed by another. */
  among(runIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many ended in `status` and were followed by another. */
  count(status: RedriveStatus, handler?: string): Promise<number>;
}

const collectionIn = (db: Db): Collection<StoredRun> =>
  db.collection('nightshift.redriven', STRICT);

export async function indexRedriven(db: Db): Promise<void> {
  const collection = collectionIn(db);
  await collection.createIndex({ operation: 1, state: 1, startedAt: 1 });
  await collection.createIndex({ state: 1, status: 1, handler: 1 });
  await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
}

/** In collection `nightshift.redriven`. */
export function createRedriven(db: Db, now: () => Date): Redriven {
  const collection = collectionIn(db);
  return {
    async add(operation, runs) {
      if (runs.length === 0) return 0;
      const upserts = runs.map(({ runId, ...run }) => ({
        updateOne: {
          filter: { _id: runId, state: 'waiting' as const },
          update: { $set: { operation }, $setOnInsert: run },
          upsert: true,
        },
      }));
      try {
        const { upsertedCount, matchedCount } = await collection.bulkWrite(upserts, {
          ordered: false,
        });
        return upsertedCount + matchedCount;
      } catch (error) {
        if (!isOnlyDuplicates(error)) throw error; // those are done
        return error.result.upsertedCount + error.result.matchedCount;
      }
    },

    async waiting(operation, limit) {
      const found = collection
        .find({ operation, state: 'waiting' })
        .sort({ startedAt: 1, _id: 1 })
        .limit(limit);
      return (await found.toArray()).map(({ _id, ...run }) => ({ runId: _id, ...run }));
    },

    async end(runIds, state) {
      await collection.updateMany({ _id: { $in: [...runIds] } }, { $set: { state } });
    },

    async drop(operation) {
      await collection.deleteMany({ operation, state: 'waiting' });
    },

    async among(runIds) {
      if (runIds.length === 0) return new Set();
      const filter = { _id: { $in: [...runIds] }, state: 'done' as const };
      const found = await collection.find(filter, { projection: { _id: 1 } }).toArray();
      return new Set(found.map(({ _id }) => _id));
    },

    count: (status, handler) =>
      collection.countDocuments({
        ...{ state: 'done', status, expiresAt: { $gt: now() } },
        ...(handler === undefined ? {} : { handler }),
      }),
  };
}

function isOnlyDuplicates(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  return errors.every(({ code }) => code === DUPLICATE_KEY);
}
