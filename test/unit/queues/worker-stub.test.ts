import { join } from 'node:path';
import fc from 'fast-check';
import { complaintsAbout } from '../../../src/definitions/check-value';
import { checkEventType } from '../../../src/definitions/definition';
import { t, type Type } from '../../../src/definitions/types';
import { inferType, isTyped } from '../../../src/queues/infer-type';
import { schemaSource, workerStub } from '../../../src/queues/worker-stub';
import { storableValue } from '../../support/storable-values';
import { ROOT, typeComplaints } from '../../support/type-check';

/** The schema that the source says, as a program that holds it would have it. */
// eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the source is what is tested
const built = (source: string): Type => new Function('t', `return ${source}`)(t) as Type;

const schemaOf = (...events: unknown[]): string | undefined => {
  const type = inferType(events);
  return isTyped(type) ? schemaSource(type, 0).replaceAll(/\s+/g, ' ') : undefined;
};

const date = new Date(0);

test.each<[unknown[], string | undefined]>([
  [['a'], 't.String'],
  [['2026-01-01T00:00:00.000Z'], 't.String'],
  [[date], 't.Date'],
  [[1, 2], 't.Int'],
  [[1, 2.5], 't.Float'],
  [[true], 't.Bool'],
  [[[1], [], [2.5]], 't.List(t.Float)'],
  [[[]], 't.List(t.String)'],
  [[{}], 't.Record({})'],
  [[{ a: 1, b: 'x' }], 't.Record({ a: t.Int, b: t.String, })'],
  [
    [{ a: 1 }, { a: 2, b: null }],
    't.Record({ a: t.Int, b: t.optional(t.String), // a guess: it was always null })',
  ],
  [[{ a: null }, { a: date }], 't.Record({ a: t.optional(t.Date), })'],
  [
    [{ user: { id: 1 } }, { user: { id: 2, nick: 'x' } }],
    't.Record({ user: t.Record({ id: t.Int, nick: t.optional(t.String), }), })',
  ],
  [[{ 'a-b': 1, 'c d': 2 }], 't.Dict(t.Int)'],
  [[{ tags: [{ n: 1 }, { n: 2 }] }], 't.Record({ tags: t.List(t.Record({ n: t.Int, })), })'],
  [[null], undefined],
  [[undefined], undefined],
  [['a', 1], undefined],
  [[{ a: 'a' }, { a: 1 }], undefined],
  [[[1, null]], undefined],
  [[{ 'a-b': 1, c: null }], undefined],
  [[Number.NaN], undefined],
  [[10n], undefined],
  [[new Uint8Array(1)], undefined],
  [[new Date(Number.NaN)], undefined],
  [['\ud800'], undefined],
  [[{ ['__proto__']: 1 }], undefined],
])('%j have the type %s', (events, schema) => expect(schemaOf(...events)).toBe(schema));

const events = fc.array(
  fc.oneof(
    storableValue,
    // alike, so that there is a type to find
    fc.record(
      {
        id: fc.uuid(),
        n: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
        at: fc.option(fc.date({ noInvalidDate: true })),
        toString: fc.boolean(),
        tags: fc.array(fc.string()),
        of: fc.dictionary(fc.string(), fc.integer()),
        deep: fc.record({ a: fc.array(fc.record({ b: fc.integer() })) }, { requiredKeys: [] }),
      },
      { requiredKeys: ['id'] },
    ),
  ),
  { minLength: 1, maxLength: 3 },
);

test('a type that is found is one, and accepts every event it was found in', () => {
  let found = 0;
  fc.assert(
    fc.property(events, (seen) => {
      const type = inferType(seen);
      if (!isTyped(type)) return;
      found++;
      const schema = built(schemaSource(type, 0));
      checkEventType(schema, 'event');
      for (const event of seen) expect(complaintsAbout(schema, event, 'event')).toEqual([]);
    }),
    { seed: 6, numRuns: 500 },
  );
  expect(found).toBeGreaterThan(150);
});

const NAMES = [
  'onSignup',
  'github.pull_request',
  "paul's order",
  'say "hi" \\ \u2028',
  'delete',
  't',
  'Event',
  '日本語',
  '2fast',
  'a b/c',
  '__proto__',
  'x'.repeat(200),
];

test('every stub type-checks, whatever its name and events', () => {
  const samples = fc.sample(events, { seed: 6, numRuns: 60 });
  const stubs = [
    ...NAMES.map((name) => workerStub(name, [{ id: 'x', n: 1 }])),
    ...samples.map((seen, i) => workerStub(`handler ${i}`, seen)),
    workerStub('none', [null]),
    workerStub('nested', [{ a: [{ b: 1 }, { b: 'x' }], c: [[1]] }, { a: [] }]),
  ];
  const blocks = stubs.map((source, i) => ({ name: join(ROOT, `stub-${i}.ts`), source }));
  expect(typeComplaints(blocks)).toEqual([]);
  expect(stubs.filter((source) => source.includes('event: t.')).length).toBeGreaterThan(20);
}, 60_000);

test('a stub is a worker to be written', () => {
  expect(workerStub('github.push', [{ ref: 'main', commits: [{ id: 'a' }] }])).toBe(
    `import { t, worker } from 'nightshift';

// Made from the newest event that came: see whether it holds for all.
export const githubPush = worker(
  'github.push',
  {
    event: t.Record({
      ref: t.String,
      commits: t.List(t.Record({
        id: t.String,
      })),
    }),
  },
  async (event) => {
    throw new Error('This worker is not written yet');
  },
);
`,
  );
});

test('where no schema fits, the stub says what came', () => {
  expect(workerStub('odd', [{ a: 'x', b: 1 }, { a: 1 }])).toBe(
    `import { worker } from 'nightshift';

// Made from the newest 2 events that came. They have no one type that a schema could check, so the handler must.
type Event = {
  a: unknown; // came as string, number
  b?: number | null;
};

export const odd = worker('odd', async (event: Event) => {
  throw new Error('This worker is not written yet');
});
`,
  );
});
