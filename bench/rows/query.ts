import { MongoClient } from 'mongodb';
import { createClientDB } from '../../src/datastore/client-db';
import { createIndexes } from '../../src/datastore/create-indexes';
import { createRecords } from '../../src/datastore/records';
import { createSchemaLock } from '../../src/datastore/schema-lock';
import { silentLogger } from '../../src/shared/logger';
import { MAX_VALUE_BYTES } from '../../src/shared/storable';
import { Big } from '../apps/million';
import { fillBig, keyOf } from '../fill';
import { medianPerSecond, type Row } from '../row';

const RECORDS = 1_000_000;
const CALLS = 1000;

/** One call after the other, because what counts is how long one takes. */
export const indexedQuery: Row = {
  name: 'query',
  what: 'DB.query on an indexed field among 1,000,000 records, against DB.get (median of single calls)',
  unit: 'calls/s',
  atLeast: 1 / 2,

  async start({ mongodb }) {
    const client = await MongoClient.connect(mongodb);
    const db = client.db(`bench-query-${process.pid}`);
    await fillBig(db, RECORDS);
    await createIndexes(db, new Map([[Big.name, ['v.age']]]), silentLogger);
    const lock = createSchemaLock(db);
    const DB = createClientDB(createRecords({ db, lock, maxResultBytes: MAX_VALUE_BYTES }));
    const some = (i: number): number => (i * 7919) % RECORDS;
    return {
      ours: () =>
        medianPerSecond(CALLS, async (i) => {
          const age = some(i);
          const found = await DB.query(Big, (u) => u.age === age, { age });
          if (found.length !== 1) throw new Error(`Found ${found.length} records of age ${age}`);
        }),
      reference: () => medianPerSecond(CALLS, (i) => DB.get(keyOf(some(i)), Big)),
      async [Symbol.asyncDispose]() {
        await db.dropDatabase();
        await client.close();
      },
    };
  },
};
