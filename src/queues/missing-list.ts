import type { Collection, Db } from 'mongodb';
import { DURABLE } from '../datastore/mongodb-options';
import { applyOnce } from '../datastore/apply-once';
import { NotFoundError } from '../shared/errors';
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
  /** @throws {NotFoundError} code `missing_not_found` */
  get(name: string): Promise<MissingName>;
  /** @throws {NotFoundError} code `missing_not_found` */
  forget(name: string): Promise<void>;
  /** Takes a name off the list, unless events came after that time. */
  forgetUntil(name: string, time: Date): Promise<void>;
}

const KEPT_EVENTS = 3;
const KEPT_OPERATIONS = 100;

/** The durable 404 list, in collection `nightshift.missing`. */
export function createMissingList(db: Db, now: () => Date): MissingList {
  const list: Collection<StoredName> = db.collection('nightshift.missing', DURABLE);
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
      return (await list.find({}).sort({ count: -1, _id: 1 }).toArray()).map(fromStored);
    },

    async get(name) {
      const stored = await list.findOne({ _id: name });
      if (stored === null) throw notFound(name);
      return fromStored(stored);
    },

    async forget(name) {
      const { deletedCount } = await list.deleteOne({ _id: name });
      if (deletedCount === 0) throw notFound(name);
    },
  };
}

function fromStored({ _id, count, firstSeen, lastSeen, events }: StoredName): MissingName {
  return {
    name: _id,
    count,
    firstSeen,
    lastSeen,
    events: events.map(({ id, json }) => ({ id, event: fromTagged(JSON.parse(json)) })),
  };
}

function notFound(name: string): NotFoundError {
  return new NotFoundError('missing_not_found', `"${name}" is not on the 404 list`, {
    details: { name },
    remedies: ['see the list with: nightshift missing'],
  });
}
