import { type Collection, type Db } from 'mongodb';
import { isDuplicateKey, STRICT } from '../datastore/mongodb-options';
import { InvalidInputError } from '../shared/errors';

/** A switch that handlers ask for with `flag(name)`. */
export interface Flag {
  readonly name: string;
  readonly on: boolean;
  readonly changedAt: Date;
}

export interface Flags {
  /** All that were ever set, by name. */
  list(): Promise<Flag[]>;
  /** @throws {InvalidInputError} code `flag_invalid` */
  set(name: string, on: boolean): Promise<void>;
}

/** The document with all flags. It stands among the rules, because the gate of every event reads both in one query. */
export const FLAGS_ID = 'flags';

export interface StoredFlags {
  readonly _id: typeof FLAGS_ID;
  readonly flags: readonly Flag[];
}

/** The names of those that are on. */
export const flagsIn = (stored: StoredFlags | null | undefined): string[] =>
  (stored?.flags ?? []).filter(({ on }) => on).map(({ name }) => name);

const MAX_NAME = 200;

/** The flags of an app, in collection `nightshift.rules`. */
export function createFlags(db: Db, now: () => Date): Flags {
  const collection: Collection<StoredFlags> = db.collection('nightshift.rules', STRICT);
  const read = async (): Promise<readonly Flag[]> =>
    (await collection.findOne({ _id: FLAGS_ID }))?.flags ?? [];

  const change = async (name: string, on: boolean, changedAt: Date): Promise<boolean> => {
    const changed = await collection.updateOne(
      { _id: FLAGS_ID, 'flags.name': name },
      { $set: { 'flags.$.on': on, 'flags.$.changedAt': changedAt } },
    );
    return changed.matchedCount === 1;
  };

  /** False if somebody else has added it meanwhile. */
  const add = async (flag: Flag): Promise<boolean> => {
    try {
      await collection.updateOne(
        { _id: FLAGS_ID, 'flags.name': { $ne: flag.name } },
        { $push: { flags: flag } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };

  return {
    async list() {
      return [...(await read())].sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    async set(name, on) {
      checkFlag(name, on);
      const changedAt = now();
      while (!(await change(name, on, changedAt)) && !(await add({ name, on, changedAt })));
    },
  };
}

function checkFlag(name: unknown, on: unknown): void {
  if (typeof name !== 'string' || name.trim() !== name || name === '' || name.length > MAX_NAME) {
    throw new InvalidInputError(
      'flag_invalid',
      `A flag's name must be a text of 1 to ${MAX_NAME} characters, without spaces around it`,
    );
  }
  if (typeof on !== 'boolean') {
    throw new InvalidInputError(
      'flag_invalid',
      `Flag "${name}" can be true or false, got ${typeof on}`,
    );
  }
}
