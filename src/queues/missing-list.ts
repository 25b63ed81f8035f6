import type { Collection, Db } from 'mongodb';
import { applyOnce } from '../datastore/apply-once';
import { fromTagged, toTagged } from '../shared/value-json';

/** A line of the 404 list: a name that events were emitted to and that no handler had. */
export interface MissingName {
  readonly name: string;
  readonly count: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** The newest three, oldest first. */
  readonly events: readonly { readonly id: string; readonly event: unknown }[];
}

/** The same as it is stored. */
interface StoredName {
  readonly _id: string;
  readonly count: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** The newest three, oldest first; events as tagged JSON, because MongoDB has no field names with dots or dollars. */
  readonly events: readonly { readonly id: string; readonly json: string }[];
  readonly o: readonly string[];
}

export interface MissingList {
  record(handler: string, event: { id: string; event: unknown }, operation: string): Promise<void>;
  /** Most events first. */
  list(): Promise<MissingName[]>;
  /** Takes a name off the list, unless events came after that time. */
  forgetUntil(name: string, time: Date): Promise<void>;
}

const KEPT_EVENTS = 3;
const KEPT_OPERATIONS = 100;

/** The durable 404 list, in collection `nightshift.missing`. */
export function createMissingList(db: Db, now: () => Date): MissingList {
  const list: Collection<StoredName> = db.collection('nightshift.missing', {
    writeConcern: { w: 'majority', journal: true },
  });
  return {
    async record(handler, { id, event }, operation) {
      const seen = now();
      const entry = { id, json: JSON.stringify(toTagged(event)) };
      const update = {
        $inc: { count: 1 },
        $min: { firstSeen: seen },
        $max: { lastSeen: seen },
        $push: { events: { $each: [entry], $slice: -KEPT_EVENTS } },
      };
      await applyOnce(list, handler, operation, update, KEPT_OPERATIONS);
    },

    async forgetUntil(name, time) {
      await list.deleteOne({ _id: name, lastSeen: { $lte: time } });
    },

    async list() {
      const names = await list.find({}).sort({ count: -1, _id: 1 }).toArray();
      return names.map(({ _id, count, firstSeen, lastSeen, events }) => ({
        name: _id,
        count,
        firstSeen,
        lastSeen,
        events: events.map(({ id, json }) => ({ id, event: fromTagged(JSON.parse(json)) })),
      }));
    },
  };
}
