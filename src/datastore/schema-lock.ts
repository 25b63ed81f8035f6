import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Collection, type Db, type Filter, MongoServerError } from 'mongodb';
import { DURABLE, isDuplicateKey } from './mongodb-options';
import type { DatastoreDefinition } from '../definitions/datastore';
import { ConfigError, ConflictError } from '../shared/errors';
import type { StoredRecord } from './codec';
import { differences, sameSchema, schemaOf, type StoredSchema } from './schema';

/** What is known of a datastore: one document of `nightshift.datastores`. */
export interface DatastoreState {
  readonly _id: string;
  /** Goes up when the schema changes and when all records are deleted. Every record carries the one it was written in. */
  readonly gen: number;
  /**
   * `ready` → `changing`: the validator is to be set → (`clearing`: the records of earlier generations are to be deleted)
   * → `ready`. Only a ready one gets a new generation.
   */
  readonly state: 'ready' | 'changing' | 'clearing';
  /** Whether `clearing` comes after `changing`. */
  readonly clear?: boolean;
  /** Once true, it holds data, or is about to: the schema can no longer change. */
  readonly locked: boolean;
  readonly schema: StoredSchema;
  /** The last operations that deleted all records. */
  readonly o?: readonly string[];
  /** Who sets the validator, and until when nobody else does. */
  readonly lease?: { readonly by: string; readonly until: Date };
}

/**
 * A datastore's schema can change until it holds data. Any number of worker processes may write, change schemas and
 * delete all records at once: no acknowledged write is lost, no record of an old generation stays, and no schema changes
 * over data.
 */
export interface SchemaLock {
  /**
   * Makes the stored schema that of the definition.
   * @throws {ConfigError} code `schema_locked`, field by field, if the datastore holds data of another schema
   */
  prepare(ds: DatastoreDefinition): Promise<void>;
  /**
   * Throws what `prepare` would, and changes nothing.
   * @throws {ConfigError} code `schema_locked`
   */
  check(ds: DatastoreDefinition): Promise<void>;
  /** The generation to write a record in. The datastore is locked from then on. */
  lock(ds: DatastoreDefinition): Promise<number>;
  /** To be called when a write was refused by the validator: what is remembered is no longer true. */
  refused(ds: DatastoreDefinition): Promise<void>;
  /** Deletes all records and unlocks. `operation` deletes once, however often it is repeated. */
  clear(ds: DatastoreDefinition, operation: string): Promise<void>;
  list(): Promise<DatastoreState[]>;
}

const NAMESPACE_EXISTS = 48;
const TRIES = 200;
const WAIT_MS = 25;
const KEPT_OPERATIONS = 8;
// A validator that is set late, by a process that was stopped in between, would admit records of a generation that is
// gone. So the server gives up before the lease ends, and until then nobody else begins.
const SET_VALIDATOR_MS = 10_000;
const LEASE_MS = 30_000;

export function createSchemaLock(db: Db): SchemaLock {
  const me = randomUUID();
  const lockedAt = new Map<string, number>();
  const states: Collection<DatastoreState> = db.collection('nightshift.datastores', {
    ...DURABLE,
    readConcern: { level: 'majority' },
  });
  const recordsOf = (name: string): Collection<StoredRecord> =>
    db.collection<StoredRecord>(name, DURABLE);

  /** Moves a state on, if nobody else has meanwhile. */
  const move = async (
    from: DatastoreState,
    to: Partial<DatastoreState>,
    guard: Filter<DatastoreState> = {},
  ): Promise<boolean> => {
    const { _id, gen, state, locked } = from;
    const filter = { _id, gen, state, locked, ...guard };
    return (await states.updateOne(filter, { $set: to })).modifiedCount === 1;
  };

  const create = async (ds: DatastoreDefinition): Promise<void> => {
    try {
      await states.insertOne({
        _id: ds.name,
        gen: 1,
        state: 'changing',
        locked: false,
        schema: schemaOf(ds.fields),
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  };

  /** Ends a change that somebody began: each part may be done again, by anyone, but the validator by one at a time. */
  const finish = async (present: DatastoreState): Promise<void> => {
    if (present.state === 'changing') {
      const now = Date.now();
      const free = {
        $or: [{ lease: { $exists: false } }, { 'lease.until': { $lt: new Date(now) } }],
      };
      const lease = { by: me, until: new Date(now + LEASE_MS) };
      if (!(await move(present, { lease }, free))) {
        await wait(WAIT_MS);
        return;
      }
      await setValidator(db, present);
      await states.updateOne(
        { _id: present._id, gen: present.gen, state: 'changing', 'lease.by': me },
        { $set: { state: present.clear === true ? 'clearing' : 'ready' }, $unset: { lease: '' } },
      );
    } else {
      // Older ones only: a record of this generation is new data.
      await recordsOf(present._id).deleteMany({ g: { $lt: present.gen } });
      await move(present, { state: 'ready', clear: false });
    }
  };

  const changeSchema = async (ds: DatastoreDefinition, present: DatastoreState): Promise<void> => {
    const next = { gen: present.gen + 1, state: 'changing' as const, schema: schemaOf(ds.fields) };
    if (!present.locked) {
      await move(present, { ...next, clear: false });
      return;
    }
    if ((await recordsOf(ds.name).findOne({}, { projection: { _id: 1 } })) !== null)
      throw locked(ds, present);
    // Locked by a writer that died before its write, or emptied record by record. A write that is on its way all the same
    // is refused by the new validator, or found by going through the records once more.
    await changeEmptied(ds, present, next);
  };

  /** As `changeSchema` for a locked one, going back if a record came between the look and the new validator. */
  const changeEmptied = async (
    ds: DatastoreDefinition,
    present: DatastoreState,
    next: Pick<DatastoreState, 'gen' | 'state' | 'schema'>,
  ): Promise<void> => {
    if (!(await move(present, { ...next, clear: false, locked: false }))) return;
    const changed = await settledState(ds.name);
    if (changed.gen !== next.gen) return;
    const left = await recordsOf(ds.name).findOne(
      { g: { $lt: next.gen } },
      { projection: { _id: 1 } },
    );
    if (left === null) return;
    const back = {
      gen: next.gen + 1,
      state: 'changing' as const,
      schema: present.schema,
      clear: false,
      locked: true,
    };
    if (await move(changed, back)) await adopt(ds.name, back.gen);
    throw locked(ds, present);
  };

  /** Makes the records of earlier generations ones of this. */
  const adopt = async (name: string, gen: number): Promise<void> => {
    await settledState(name);
    await recordsOf(name).updateMany({ g: { $lt: gen } }, { $set: { g: gen } });
  };

  /** A state that is ready; what somebody left half-way is finished first. */
  const settledState = async (name: string): Promise<DatastoreState> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const present = await states.findOne({ _id: name });
      if (present?.state === 'ready') return present;
      if (present !== null) await finish(present);
    }
    throw busy(name);
  };

  /** A ready state with this definition's schema. */
  const settled = async (ds: DatastoreDefinition): Promise<DatastoreState> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const present = await states.findOne({ _id: ds.name });
      if (present === null) await create(ds);
      else if (present.state !== 'ready') await finish(present);
      else if (sameSchema(present.schema, schemaOf(ds.fields))) return present;
      else await changeSchema(ds, present);
    }
    throw busy(ds.name);
  };

  return {
    async prepare(ds) {
      await settled(ds);
    },

    async check(ds) {
      const present = await states.findOne({ _id: ds.name });
      if (present?.locked !== true || sameSchema(present.schema, schemaOf(ds.fields))) return;
      if ((await recordsOf(ds.name).findOne({}, { projection: { _id: 1 } })) !== null)
        throw locked(ds, present);
    },

    async lock(ds) {
      const known = lockedAt.get(ds.name);
      if (known !== undefined) return known;
      for (let tries = 0; tries < TRIES; tries++) {
        const present = await settled(ds);
        if (present.locked || (await move(present, { locked: true }))) {
          lockedAt.set(ds.name, present.gen);
          return present.gen;
        }
      }
      throw busy(ds.name);
    },

    async refused(ds) {
      const believed = lockedAt.get(ds.name);
      lockedAt.delete(ds.name);
      const present = await settled(ds);
      // Still the same generation: then the validator is not the one that belongs to it.
      if (present.gen === believed) await move(present, { state: 'changing', clear: false });
    },

    async clear(ds, operation) {
      for (let tries = 0; tries < TRIES; tries++) {
        const present = await states.findOne({ _id: ds.name });
        if (present === null) {
          await create(ds);
        } else if (present.state !== 'ready') {
          await finish(present);
        } else if (present.o?.includes(operation) === true) {
          return;
        } else {
          // The schema becomes that of the definition too: without data, there is nothing in its way.
          const next = {
            gen: present.gen + 1,
            state: 'changing' as const,
            clear: true,
            locked: false,
          };
          const o = [...(present.o ?? []), operation].slice(-KEPT_OPERATIONS);
          await move(present, { ...next, schema: schemaOf(ds.fields), o });
        }
      }
      throw busy(ds.name);
    },

    list: () => states.find({}).sort({ _id: 1 }).toArray(),
  };
}

/**
 * Refuses every write of another generation. After it, each write is judged by it: MongoDB lets none pass meanwhile. Field
 * types are not in it: records are checked before they are written, and a generation has one schema; a validator of all
 * fields makes a write 6 % slower.
 */
async function setValidator(db: Db, { _id, gen }: DatastoreState): Promise<void> {
  const options = {
    validator: { $jsonSchema: { required: ['g'], properties: { g: { enum: [gen] } } } },
    validationLevel: 'strict',
    validationAction: 'error',
    maxTimeMS: SET_VALIDATOR_MS,
  } as const;
  try {
    await db.createCollection(_id, { maxTimeMS: SET_VALIDATOR_MS });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
  }
  // Not when it is created: DocumentDB's gateway would leave the validator out, and says nothing where there is a
  // collection already.
  await db.command({ collMod: _id, ...options });
}

function busy(name: string): ConflictError {
  return new ConflictError(
    'write_conflict',
    `Datastore "${name}" is being cleared or changed by too many at once`,
  );
}

const waysOn = (name: string): string[] => [
  `migrate, to keep the data: define the new schema under another name, e.g. "${name}V2", and copy the records with a migration: nightshift migrate <name>`,
  `deleteAll, to give the data up: DB.deleteAll(${name}), e.g. in nightshift repl <app>; then start again`,
  'rename, to leave the data where it is: define the new schema under another name, and begin empty',
];

function locked(ds: DatastoreDefinition, present: DatastoreState): ConfigError {
  const changes = differences(present.schema, schemaOf(ds.fields));
  return new ConfigError(
    'schema_locked',
    `Datastore "${ds.name}" holds data of another schema:\n${changes.map((line) => `    ${line}`).join('\n')}`,
    {
      details: { datastore: ds.name, changes },
      remedies: waysOn(ds.name),
    },
  );
}
