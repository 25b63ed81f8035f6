/**
 * The meaning of queries: for generated schemas, records and lambdas, the records that MongoDB finds are those for which
 * JavaScript says `true`. `RUNS` is how many lambdas (default 2,500), `SEED` where they start.
 */
import fc from 'fast-check';
import { type Collection, MongoClient } from 'mongodb';
import { decodeRecord, encodeRecord, type StoredRecord } from '../../src/datastore/codec';
import type { DatastoreDefinition } from '../../src/definitions/datastore';
import { checkLambda } from '../../src/query/check';
import { matches } from '../../src/query/evaluate';
import { compileText } from '../../src/query/parse';
import { QueryError } from '../../src/query/query-error';
import { toFilter } from '../../src/query/to-filter';
import { type GeneratedLambda, lambdasOf } from './lambdas';
import { recordsOf, schemas } from './records';

const RUNS = Number(process.env['RUNS'] ?? 2500);
const SEED = Number(process.env['SEED'] ?? 20261121);
const PER_SET = 250;
const AT_ONCE = 4;
const EVALUATED = 60;
const SHOWN = 5;
const DEPTHS = [1, 2, 3, 4, 6];

type Query = (record: unknown) => unknown;
interface Decoded {
  readonly id: string;
  readonly record: Record<string, unknown>;
}

const client = new MongoClient(process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27117/', {
  maxPoolSize: AT_ONCE,
});
const db = client.db(`queries_${process.pid}`);

beforeAll(() => client.connect());
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

async function insert(ds: DatastoreDefinition, count: number, seed: number): Promise<Decoded[]> {
  const collection = db.collection<StoredRecord>('queries');
  await collection.drop();
  const stored = fc
    .sample(recordsOf(ds), { numRuns: count, seed })
    .map((record, i): StoredRecord => ({
      _id: String(i),
      g: 1,
      r: 1,
      o: [],
      v: encodeRecord(ds, record),
    }));
  await collection.insertMany(stored, { ignoreUndefined: false });
  for (const name of Object.keys(ds.fields)) {
    await collection.createIndex({ [`v.${name}`]: 1 });
    if (/^m/.test(name)) await collection.createIndex({ [`v.${name}.k`]: 1 });
  }
  const decoded: Decoded[] = [];
  // as the server gives them back
  for await (const document of collection.find()) {
    decoded.push({ id: document._id, record: decodeRecord(ds, document) });
  }
  return decoded;
}

function asFunction({ text, captures }: GeneratedLambda): Query {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the lambda is source text
  const make = new Function(...Object.keys(captures), `return (${text})`);
  return (make as (...values: unknown[]) => Query)(...Object.values(captures));
}

const says = (query: Query, record: unknown): boolean => {
  try {
    return query(record) === true;
  } catch {
    return false;
  }
};

interface Tally {
  run: number;
  refused: number;
  rechecked: number;
  plain: number;
  nonEmpty: number;
  readonly refusals: Map<string, number>;
  readonly problems: string[];
}

async function ask(
  generated: GeneratedLambda,
  ds: DatastoreDefinition,
  records: readonly Decoded[],
  collection: Collection<StoredRecord>,
  tally: Tally,
): Promise<void> {
  const { text, captures } = generated;
  const problem = (what: string, filter?: unknown): void => {
    tally.problems.push(
      `${what}\n  ${text}\n  captures ${show(captures)}\n  filter ${show(filter).slice(0, 1500)}`,
    );
  };
  const query = asFunction(generated);
  let filter: Record<string, unknown> | undefined;
  try {
    const { ir } = compileText(text, 'generated.ts');
    const bound = JSON.parse(JSON.stringify(ir)) as typeof ir;
    const compiled = toFilter(bound, checkLambda(bound, ds, captures));
    filter = compiled.filter;
    for (const { record } of records.slice(0, EVALUATED)) {
      if (matches(bound, captures, record) !== says(query, record))
        problem(`The evaluator differs for ${show(record)}`);
    }
    const found = await collection.find(filter).project<{ _id: string }>({ _id: 1 }).toArray();
    let ids = new Set(found.map(({ _id }) => _id));
    if (compiled.recheck) {
      tally.rechecked++;
      ids = new Set(
        records
          .filter(({ id, record }) => ids.has(id) && matches(bound, captures, record))
          .map(({ id }) => id),
      );
    }
    if (!show(filter).includes('$expr')) tally.plain++;
    tally.run++;
    const expected = new Set(
      records.filter(({ record }) => says(query, record)).map(({ id }) => id),
    );
    if (expected.size > 0) tally.nonEmpty++;
    const missing = records.find(({ id }) => expected.has(id) && !ids.has(id));
    const extra = records.find(({ id }) => !expected.has(id) && ids.has(id));
    if (missing !== undefined) problem(`Not found: ${show(missing.record)}`, filter);
    if (extra !== undefined) problem(`Found in error: ${show(extra.record)}`, filter);
  } catch (error) {
    if (!(error instanceof QueryError))
      return problem(`Failed: ${(error as Error).stack?.slice(0, 600)}`, filter);
    tally.refused++;
    const reason = error.reason.replace(/"[^"]*"/g, '…').replace(/\d+/g, 'n');
    tally.refusals.set(reason, (tally.refusals.get(reason) ?? 0) + 1);
  }
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    Object.is(v, -0)
      ? '-0'
      : v === undefined
        ? '(undefined)'
        : typeof v === 'number' && !Number.isFinite(v)
          ? String(v)
          : v,
  ) ?? 'undefined';

it(
  'finds exactly the records for which JavaScript says true',
  async () => {
    const collection = db.collection<StoredRecord>('queries');
    const tally: Tally = {
      run: 0,
      refused: 0,
      rechecked: 0,
      plain: 0,
      nonEmpty: 0,
      refusals: new Map(),
      problems: [],
    };
    for (let set = 0; tally.run < RUNS && tally.problems.length < 20; set++) {
      const seed = SEED + set;
      const [ds] = fc.sample(schemas, { numRuns: 1, seed }) as [DatastoreDefinition];
      const records = await insert(ds, set % 5 === 0 ? 2000 : 600, seed);
      const lambdas = fc.sample(lambdasOf(ds, DEPTHS[set % DEPTHS.length] as number), {
        numRuns: PER_SET,
        seed,
      });
      const waiting = [...lambdas];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          await ask(next, ds, records, collection, tally);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    }
    const { run, refused, rechecked, plain, nonEmpty, problems } = tally;
    if (process.env['VERBOSE'] !== undefined) {
      const refusals = [...tally.refusals].sort(([, a], [, b]) => b - a);
      process.stderr.write(
        `${show({ run, refused, rechecked, plain, nonEmpty })}\n${refusals.map(([r, n]) => `${n} ${r}`).join('\n')}\n`,
      );
    }
    problems.sort((a, b) => a.length - b.length);
    expect(problems.slice(0, SHOWN).join('\n\n')).toBe('');
    expect(refused).toBeLessThan(run);
    expect(nonEmpty).toBeGreaterThan(run / 2);
  },
  Math.max(300_000, RUNS * 100),
);
