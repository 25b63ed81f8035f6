import type { Db, Document } from 'mongodb';

export interface Write {
  readonly collection: string;
  readonly key: string;
  readonly fields: Document;
}

export interface Activities {
  upsert(write: Write): Promise<void>;
  find(collection: string, key: string): Promise<Document | null>;
  countMissing(name: string): Promise<void>;
  /** Starts a workflow, right in this worker process if it can. */
  start(workflow: string, id: string, arg: unknown): Promise<void>;
}

interface Keyed extends Document {
  readonly _id: string;
}

/** The same guarantees as Nightshift's own writes have: majority and journal. */
const options = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
} as const;

export function createActivities(db: Db, start: Activities['start']): Activities {
  return {
    start,
    async upsert({ collection, key, fields }) {
      await db
        .collection<Keyed>(collection, options)
        .updateOne({ _id: key }, { $set: fields }, { upsert: true });
    },
    find: (collection, key) => db.collection<Keyed>(collection, options).findOne({ _id: key }),
    async countMissing(name) {
      const seen = { $inc: { count: 1 }, $set: { lastSeen: new Date() } };
      await db
        .collection<Keyed>('missing', options)
        .updateOne({ _id: name }, seen, { upsert: true });
    },
  };
}
