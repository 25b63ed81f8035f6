import { MongoServerError } from 'mongodb';

/** An acknowledged write survives. Said explicitly: a server's or a URI's own defaults may be weaker. */
export const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

/** And what is read was acknowledged, and is the latest. */
export const STRICT = {
  ...DURABLE,
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;

export const DUPLICATE_KEY = 11000;

/** Somebody else has inserted a document of this id. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY;

const REFUSED_BY_VALIDATOR = 121;
/** The same from DocumentDB, whose gateway hands on the number of its own. */
const REFUSED_BY_DOCUMENTDB = 525_074_461;

/** Whether this is the code of a write that the collection's validator has refused. */
export const isRefusal = (code: unknown): boolean =>
  code === REFUSED_BY_VALIDATOR || code === REFUSED_BY_DOCUMENTDB;
