import type { Collection, Db } from 'mongodb';
import { STRICT } from '../datastore/mongodb-options';
import type { App, HandlerDefinition } from '../definitions/app';
import type { Type } from '../definitions/types';

/** A worker or cron of the app, as the worker process says that was started last. */
export interface ServedHandler {
  readonly name: string;
  readonly kind: 'worker' | 'cron';
  readonly description?: string;
  /** How often a failed event is tried again, and how long it waits before each. */
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly timeoutMs?: number;
  /** What its event must be, if its definition says so. */
  readonly event?: Type;
}

interface StoredHandler extends Omit<ServedHandler, 'event'> {
  /** As JSON: MongoDB has not every name of a field. */
  readonly event?: string;
}

interface StoredServed {
  readonly _id: typeof ID;
  readonly handlers: readonly StoredHandler[];
  readonly at: Date;
}

/** Which handlers the app has: the client knows no definitions. */
export interface ServedHandlers {
  store(app: App): Promise<void>;
  /** Undefined if no worker process was ever started. */
  list(): Promise<readonly ServedHandler[] | undefined>;
}

const ID = 'served';

export function createServedHandlers(db: Db, now: () => Date): ServedHandlers {
  const collection: Collection<StoredServed> = db.collection('nightshift.handlers', STRICT);
  return {
    async store({ workers, crons }) {
      const handlers = [
        ...[...workers.values()].map((worker) => stored(worker, 'worker')),
        ...[...crons.values()].map((cron) => stored(cron, 'cron')),
      ];
      await collection.updateOne({ _id: ID }, { $set: { handlers, at: now() } }, { upsert: true });
    },
    list: async () => (await collection.findOne({ _id: ID }))?.handlers.map(served),
  };
}

function stored({ name, options }: HandlerDefinition, kind: ServedHandler['kind']): StoredHandler {
  const { event, retries, retryDelayMs, timeoutMs, description } = options;
  return {
    ...{ name, kind, retries, retryDelayMs },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(description === undefined ? {} : { description }),
    ...(event === undefined ? {} : { event: JSON.stringify(event) }),
  };
}

const served = ({ event, ...handler }: StoredHandler): ServedHandler => ({
  ...handler,
  ...(event === undefined ? {} : { event: JSON.parse(event) as Type }),
});
