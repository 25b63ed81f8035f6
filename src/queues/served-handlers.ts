import type { Collection, Db } from 'mongodb';
import { STRICT } from '../datastore/mongodb-options';
import type { App } from '../definitions/app';

export interface ServedHandler {
  readonly name: string;
  readonly kind: 'worker' | 'cron';
}

interface StoredServed {
  readonly _id: typeof ID;
  readonly handlers: readonly ServedHandler[];
  readonly at: Date;
}

/** Which handlers the app has: the client knows no definitions. */
export interface ServedHandlers {
  /** As the worker process says that was started last. */
  store(app: App): Promise<void>;
  /** Undefined if no worker process was ever started. */
  list(): Promise<readonly ServedHandler[] | undefined>;
}

const ID = 'served';

export function createServedHandlers(db: Db, now: () => Date): ServedHandlers {
  const collection: Collection<StoredServed> = db.collection('nightshift.handlers', STRICT);
  return {
    async store({ workers, crons }) {
      const handlers: ServedHandler[] = [
        ...[...workers.keys()].map((name) => ({ name, kind: 'worker' as const })),
        ...[...crons.keys()].map((name) => ({ name, kind: 'cron' as const })),
      ];
      await collection.updateOne({ _id: ID }, { $set: { handlers, at: now() } }, { upsert: true });
    },
    list: async () => (await collection.findOne({ _id: ID }))?.handlers,
  };
}
