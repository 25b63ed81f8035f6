import type { Collection, Db, Filter } from 'mongodb';
import { STRICT } from '../datastore/mongodb-options';
import { together } from '../shared/together';

/** An event that waits because of a rule. */
export interface HeldEvent {
  readonly id: string;
  readonly handler: string;
  readonly emittedAt: Date;
  /** Since when it has been waiting. */
  readonly since: Date;
  /** New each time that the event was held: who lets it go removes just what was seen. */
  readonly token: string;
}

type StoredHeld = Omit<HeldEvent, 'id'> & { readonly _id: string };

/** Which events: of one handler, or of all but some. */
export type HeldOf = string | { readonly allBut: readonly string[] };

export interface Held {
  store(event: Omit<HeldEvent, 'since'>): Promise<void>;
  /** With a token, only if the event was not held anew meanwhile. */
  remove(id: string, token?: string): Promise<void>;
  removeAll(events: readonly HeldEvent[]): Promise<void>;
  get(id: string): Promise<HeldEvent | undefined>;
  /** In order of emission. */
  oldest(of: HeldOf, limit: number): Promise<HeldEvent[]>;
  count(of: HeldOf): Promise<number>;
  /** How many by handler, and when the oldest was emitted and held. */
  summary(): Promise<ReadonlyMap<string, HeldSummary>>;
}

export interface HeldSummary {
  readonly count: number;
  readonly oldest: Date;
  readonly since: Date;
}

/** Needed before events are held by the thousand. */
export async function indexHeld(db: Db): Promise<void> {
  await heldIn(db).createIndex({ handler: 1, emittedAt: 1, _id: 1 });
  await heldIn(db).createIndex({ emittedAt: 1, _id: 1 });
}

const heldIn = (db: Db): Collection<StoredHeld> => db.collection('nightshift.held', STRICT);

/** The events that wait because of a rule, in collection `nightshift.held`. */
export function createHeld(db: Db, now: () => Date): Held {
  const collection = heldIn(db);
  const store = together(async (events: readonly Omit<HeldEvent, 'since'>[]) => {
    const since = now();
    const upserts = events.map(({ id, handler, emittedAt, token }) => ({
      updateOne: {
        filter: { _id: id },
        update: { $set: { handler, emittedAt, token }, $setOnInsert: { since } },
        upsert: true,
      },
    }));
    await collection.bulkWrite(upserts, { ordered: false });
    return events.map(() => {});
  });
  return {
    store,

    async remove(id, token) {
      await collection.deleteOne({ _id: id, ...(token === undefined ? {} : { token }) });
    },

    async removeAll(events) {
      if (events.length === 0) return;
      // Tokens are never used twice, so each stands for its event as it was seen.
      await collection.deleteMany({
        _id: { $in: events.map(({ id }) => id) },
        token: { $in: events.map(({ token }) => token) },
      });
    },

    async get(id) {
      const stored = await collection.findOne({ _id: id });
      return stored === null ? undefined : heldEvent(stored);
    },

    async oldest(of, limit) {
      const found = collection.find(filterOf(of)).sort({ emittedAt: 1, _id: 1 }).limit(limit);
      return (await found.toArray()).map(heldEvent);
    },

    count: (of) => collection.countDocuments(filterOf(of)),

    async summary() {
      const groups = await collection
        .aggregate<HeldSummary & { _id: string }>([
          {
            $group: {
              _id: '$handler',
              count: { $sum: 1 },
              oldest: { $min: '$emittedAt' },
              since: { $min: '$since' },
            },
          },
        ])
        .toArray();
      return new Map(groups.map(({ _id, ...summary }) => [_id, summary]));
    },
  };
}

const heldEvent = ({ _id, ...rest }: StoredHeld): HeldEvent => ({ id: _id, ...rest });

const filterOf = (of: HeldOf): Filter<StoredHeld> =>
  typeof of === 'string' ? { handler: of } : { handler: { $nin: [...of.allBut] } };
