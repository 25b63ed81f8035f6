import { type Collection, type Db, MongoClient } from 'mongodb';
import { datastore, t } from 'nightshift';
import { createRecords, type Records } from '../../src/datastore/records';
import { createSchemaLock } from '../../src/datastore/schema-lock';
import { newWriteId } from '../../src/datastore/write-id';
import { MAX_VALUE_BYTES } from '../../src/shared/storable';
import { perSecond, type Row } from '../row';

const KEYS = 500;
const CALLS = 3000;
const IN_FLIGHT = 20;
const People = datastore('People', {
  name: t.String,
  age: t.Int,
  joined: t.Date,
  tags: t.List(t.String),
});
const options = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;

interface Plain {
  readonly _id: string;
  readonly v: object;
}

const person = (n: number): { name: string; age: number; joined: Date; tags: string[] } => ({
  name: `person ${n}`,
  age: n % 100,
  joined: new Date(1_700_000_000_000 + n),
  tags: ['a', 'b', 'c'],
});

interface Stores {
  readonly records: Records;
  readonly plain: Collection<Plain>;
}

/** A row that compares one function of a datastore, as a step calls it in the worker process, with the driver's own. */
function row(
  name: string,
  what: string,
  ours: (stores: Stores, n: number) => Promise<unknown>,
  bare: (stores: Stores, n: number) => Promise<unknown>,
): Row {
  return {
    name,
    what,
    unit: 'calls/s',
    atLeast: 1 / 1.15,

    async start({ mongodb }) {
      const client = await MongoClient.connect(mongodb);
      const db = client.db(`bench-db-${process.pid}`);
      const stores = await storesIn(db);
      const round = (call: typeof ours) => (): Promise<number> =>
        perSecond(CALLS, IN_FLIGHT, (n) => call(stores, n % KEYS));
      return {
        ours: round(ours),
        reference: round(bare),
        async [Symbol.asyncDispose]() {
          await db.dropDatabase();
          await client.close();
        },
      };
    },
  };
}

async function storesIn(db: Db): Promise<Stores> {
  const records = createRecords({
    db,
    lock: createSchemaLock(db),
    maxResultBytes: MAX_VALUE_BYTES,
  });
  const plain = db.collection<Plain>('plain', options);
  for (let n = 0; n < KEYS; n++) {
    await records.set(person(n), `k${n}`, People, newWriteId());
    await plain.replaceOne({ _id: `k${n}` }, { v: person(n) }, { upsert: true });
  }
  return { records, plain };
}

export const dbGet = row(
  'db-get',
  'DB.get in the worker process, against findOne',
  ({ records }, n) => records.get(`k${n}`, People),
  ({ plain }, n) => plain.findOne({ _id: `k${n}` }),
);

export const dbSet = row(
  'db-set',
  'DB.set in the worker process, applied once, against an upsert by replaceOne',
  ({ records }, n) => records.set(person(n), `k${n}`, People, newWriteId()),
  ({ plain }, n) => plain.replaceOne({ _id: `k${n}` }, { v: person(n) }, { upsert: true }),
);
