import { collectApp } from '../../../src/definitions/app';
import { cron, type CronTime } from '../../../src/definitions/cron';
import { datastore } from '../../../src/definitions/datastore';
import { migration } from '../../../src/definitions/migration';
import { nameOfType, t, type Type } from '../../../src/definitions/types';
import { worker } from '../../../src/definitions/worker';
import { InvalidInputError } from '../../../src/shared/errors';
import { errorWith } from '../../support/error-with';

const handler = async (): Promise<void> => {};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** That `define` throws an InvalidInputError with this code and text. */
function expectRefused(define: () => unknown, code: string, text: string | RegExp): void {
  expect(define).toThrow(InvalidInputError);
  expect(define).toThrow(errorWith({ code }));
  expect(define).toThrow(text);
}

describe('a definition', () => {
  const definitions = [
    worker('w', { retry: { retries: 1 }, timeout: 5 }, handler),
    cron('c', 'Daily', handler),
    cron('d', { every: '1 hour' }, handler),
    datastore('D', { a: t.String }, { description: 'x' }),
    migration('m', datastore('A', {}), datastore('B', {}), () => ({})),
    t.Record({ a: t.List(t.Int) }),
    t,
  ];

  test('is frozen, with its options and fields', () => {
    for (const definition of definitions) {
      expect(Object.isFrozen(definition)).toBe(true);
      if ('options' in definition) expect(Object.isFrozen(definition.options)).toBe(true);
      if ('fields' in definition) expect(Object.isFrozen(definition.fields)).toBe(true);
      if ('when' in definition) expect(Object.isFrozen(definition.when)).toBe(true);
    }
  });

  test('does not change with the object it was made from', () => {
    const fields: Record<string, Type> = { a: t.String };
    const store = datastore('D', fields);
    fields['b'] = t.Int;
    expect(Object.keys(store.fields)).toEqual(['a']);
  });

  test('runs nothing and registers nothing: the app has what its module exports', () => {
    let runs = 0;
    worker('unexported', async () => ++runs);
    const app = collectApp({ other: worker('other', handler) }, 'app.ts');
    expect([...app.handlers.keys()]).toEqual(['other']);
    expect(runs).toBe(0);
  });
});

describe.each<[string, (name: never) => unknown]>([
  ['worker', (name) => worker(name, handler)],
  ['cron', (name) => cron(name, 'Daily', handler)],
  ['migration', (name) => migration(name, datastore('A', {}), datastore('B', {}), () => ({}))],
])('the name of a %s', (kind, define) => {
  test.each<[string, unknown, string]>([
    ['empty', '', `A ${kind} name must not be empty`],
    ['too long', 'x'.repeat(201), `A ${kind} name must have at most 200 characters, got 201`],
    ['reserved', 'nightshift.x', `A ${kind} name must not start with "nightshift."`],
    ['no text', undefined, `A ${kind} name must be a text, got undefined`],
  ])('is refused where %s', (_what, name, text) =>
    expectRefused(() => define(name as never), 'handler_name_invalid', text),
  );
});

describe('a worker', () => {
  test('is retried twice, five minutes apart, without a timeout, unless it says otherwise', () => {
    expect(worker('w', handler).options).toEqual({ retries: 2, retryDelayMs: 5 * MINUTE });
    const options = {
      retry: { retries: 0, delay: '2 s' },
      timeout: '1 h',
      description: 'd',
    } as const;
    expect(worker('w', options, handler).options).toEqual({
      retries: 0,
      retryDelayMs: 2000,
      timeoutMs: HOUR,
      description: 'd',
    });
  });

  test.each<[string, unknown, string, string]>([
    [
      'no handler',
      {},
      'definition_invalid',
      'Worker "w" needs a handler function as its last argument',
    ],
    [
      'half a retry',
      { retry: { retries: 1.5 } },
      'definition_invalid',
      'Option "retry.retries" of worker "w" must be a whole number of 0 or more',
    ],
    [
      'negative retries',
      { retry: { retries: -1 } },
      'definition_invalid',
      'must be a whole number',
    ],
    [
      'a bad delay',
      { retry: { delay: 'soon' } },
      'duration_invalid',
      'Option "retry.delay" of worker "w"',
    ],
    ['a bad timeout', { timeout: -1 }, 'duration_invalid', 'Option "timeout" of worker "w"'],
    [
      'a schema that is none',
      { event: 'String' },
      'definition_invalid',
      'Option "event" of worker "w": expected a type such as t.String',
    ],
    [
      'an optional event',
      { event: t.optional(t.String) },
      'definition_invalid',
      't.optional stands around the type of a field',
    ],
  ])('is refused with %s', (what, options, code, text) =>
    expectRefused(
      () => worker('w', options as never, (what === 'no handler' ? undefined : handler) as never),
      code,
      text,
    ),
  );
});

describe('the time of a cron', () => {
  test.each<[CronTime, object]>([
    ['EveryMinute', { kind: 'interval', everyMs: MINUTE }],
    ['Hourly', { kind: 'interval', everyMs: HOUR }],
    ['Every12hrs', { kind: 'interval', everyMs: 12 * HOUR }],
    ['Daily', { kind: 'interval', everyMs: DAY }],
    ['Weekly', { kind: 'interval', everyMs: 7 * DAY }],
    ['Fortnightly', { kind: 'interval', everyMs: 14 * DAY }],
    [{ every: '90 minutes' }, { kind: 'interval', everyMs: 90 * MINUTE }],
    [
      { every: '1 hour', offset: '5 minutes' },
      { kind: 'interval', everyMs: HOUR, offsetMs: 5 * MINUTE },
    ],
    [{ cron: ' 0 9 * * MON ' }, { kind: 'cron', expression: '0 9 * * MON', timezone: 'UTC' }],
    [
      { cron: '0 9 * * *', timezone: 'Europe/Berlin' },
      { kind: 'cron', expression: '0 9 * * *', timezone: 'Europe/Berlin' },
    ],
    [{ calendar: { hour: 9 } }, { kind: 'calendar', calendar: { hour: 9 }, timezone: 'UTC' }],
  ])('%p is understood', (when, resolved) =>
    expect(cron('c', when, handler).when).toEqual(resolved),
  );

  test.each<[unknown, string, string]>([
    [
      'Monthly',
      'cron_invalid',
      'The time of cron "c" must be one of EveryMinute, Hourly, Every12hrs, Daily, Weekly, Fortnightly, { every: \'5 minutes\' } or { cron: \'0 9 * * MON\' }, got "Monthly"',
    ],
    ['toString', 'cron_invalid', 'must be one of'],
    [{}, 'cron_invalid', 'must be an interval name, { every }, { cron } or { calendar }'],
    [undefined, 'cron_invalid', 'must be'],
    [null, 'cron_invalid', 'must be'],
    [5, 'cron_invalid', 'must be'],
    [{ every: 'often' }, 'duration_invalid', 'Interval "every" of cron "c"'],
    [{ every: 0 }, 'cron_invalid', 'needs an interval of whole seconds, at least one'],
    [{ every: 1500 }, 'cron_invalid', 'needs an interval of whole seconds'],
    [
      { every: '1 hour', offset: '1 hour' },
      'cron_invalid',
      'needs an offset of whole seconds, shorter than the interval',
    ],
    [{ cron: '' }, 'cron_invalid', 'needs a cron expression'],
    [{ cron: 5 }, 'cron_invalid', 'needs a cron expression'],
    [
      { cron: '0 9 * * *', timezone: 'Berlin' },
      'cron_invalid',
      'has an unknown time zone "Berlin"; expected a name such as "Europe/Berlin"',
    ],
    [{ calendar: {}, timezone: 'Nowhere/At_all' }, 'cron_invalid', 'has an unknown time zone'],
    [{ cron: 'TZ=Europe/Berlin 0 9 * * *' }, 'cron_invalid', 'names its time zone beside'],
    [{ calendar: 9 }, 'cron_invalid', 'needs a calendar such as'],
    [
      { calendar: { hours: 9, dayOfWeek: 'MONDAY' } },
      'cron_invalid',
      'has a calendar with unknown fields: hours; there are second, minute, hour',
    ],
  ])('%p is refused', (when, code, text) =>
    expectRefused(() => cron('c', when as never, handler), code, text),
  );

  test('late runs are caught up for one interval; where there is none, Temporal knows the times', () => {
    expect(cron('c', 'Daily', handler).options).toMatchObject({ catchupMs: DAY, overlap: 'skip' });
    expect(cron('c', { cron: '* * * * *' }, handler).options.catchupMs).toBeUndefined();
    expect(cron('c', 'Daily', { catchup: '1 minute' }, handler).options.catchupMs).toBe(MINUTE);
  });

  test.each<[unknown, string, string]>([
    [
      { overlap: 'queue' },
      'definition_invalid',
      'Option "overlap" of cron "c" must be "skip", "buffer-one" or "allow"',
    ],
    [{ catchup: 'x' }, 'duration_invalid', 'Option "catchup" of cron "c"'],
    [{ jitter: -1 }, 'duration_invalid', 'Option "jitter" of cron "c"'],
  ])('option %p is refused', (options, code, text) =>
    expectRefused(() => cron('c', 'Daily', options as never, handler), code, text),
  );

  test('needs a handler', () => {
    expectRefused(
      () => cron('c', 'Daily', undefined as never),
      'definition_invalid',
      'Cron "c" needs a handler',
    );
    expectRefused(
      () => cron('c', 'Daily', {}, undefined as never),
      'definition_invalid',
      'Cron "c" needs a handler',
    );
  });
});

describe('a datastore', () => {
  test.each<unknown>([
    '',
    '1a',
    'a-b',
    'a.b',
    '$a',
    'system.users',
    'é',
    'x'.repeat(101),
    undefined,
    5,
  ])('is not named %p', (name) =>
    expectRefused(
      () => datastore(name as never, {}),
      'definition_invalid',
      /^A datastore name must be 1 to 100 letters, digits and "_", not starting with a digit/,
    ),
  );

  test.each<[unknown, string]>([
    [null, 'Datastore "D" needs an object of fields'],
    ['name', 'Datastore "D" needs an object of fields'],
    [
      { 'a.b': t.String },
      'Datastore "D" has the field "a.b"; a field name is letters, digits and "_"',
    ],
    [{ $a: t.String }, 'Datastore "D" has the field "$a"'],
    [{ ['__proto__']: t.String }, 'Datastore "D" has the field "__proto__"'],
    [{ a: 'String' }, 'Datastore "D", field "a": expected a type such as t.String'],
    [{ a: undefined }, 'Datastore "D", field "a": expected a type such as t.String'],
    [{ a: { kind: 'Sting' } }, 'Datastore "D", field "a": expected a type such as t.String'],
    [
      { a: t.List(undefined as never) },
      'Datastore "D", field "a": expected a type such as t.String',
    ],
    [
      { a: t.List(t.optional(t.Int)) },
      'Datastore "D", field "a": t.optional stands around the type of a field, nowhere else',
    ],
    [{ a: t.optional(t.optional(t.Int)) }, 't.optional stands around the type of a field'],
    [{ a: t.Record({ 'b-c': t.Int }) }, 'Datastore "D", field "a" has the field "b-c"'],
  ])('with the fields %p is refused', (fields, text) =>
    expectRefused(() => datastore('D', fields as never), 'definition_invalid', text),
  );

  test('may have optional fields within records, and names as JavaScript objects inherit them', () => {
    const fields = { a: t.Record({ b: t.optional(t.Int) }), constructor: t.String };
    expect(() => datastore('toString', fields)).not.toThrow();
  });
});

test.each<[Type, string]>([
  [t.String, 'String'],
  [t.List(t.Dict(t.Int)), 'List<Dict<Int>>'],
  [t.optional(t.Date), 'Optional<Date>'],
  [t.Record({ a: t.Int }), 'Record'],
])('the type %p is called %s', (type, name) => expect(nameOfType(type)).toBe(name));

describe('a migration', () => {
  const [A, B] = [datastore('A', { a: t.Int }), datastore('B', { a: t.Int })];

  test.each<[string, unknown, unknown, unknown, string]>([
    ['no first datastore', undefined, B, handler, 'The second argument of migration "m" must be'],
    ['a name as second', A, 'B', handler, 'The third argument of migration "m" must be'],
    ['no function', A, B, undefined, 'Migration "m" needs a function (record, key) => record'],
    ['one datastore', A, datastore('A', {}), handler, 'copies datastore "A" onto itself'],
  ])('with %s is refused', (_what, from, to, transform, text) =>
    expectRefused(
      () => migration('m', from as never, to as never, transform as never),
      'definition_invalid',
      text,
    ),
  );

  test('is collected, may be named like a handler, but not like another', () => {
    const m = migration('m', A, B, (record) => record);
    const again = migration('m', B, A, (record) => record);
    const app = collectApp({ m, w: worker('m', handler) }, 'app.ts');
    expect([...app.migrations.keys()]).toEqual(['m']);
    expect([...collectApp({ m }, 'app.ts').handlers.keys()]).toEqual([]);
    expect(() => collectApp({ m, again }, 'app.ts')).toThrow('share the name "m"');
  });
});

describe('an app', () => {
  const a = worker('a', handler);

  test('is sorted by kind; one definition under two names of export is one; other exports are nothing to it', () => {
    const c = cron('c', 'Daily', handler);
    const D = datastore('D', {});
    const app = collectApp(
      { a, again: a, c, D, helper: handler, n: 1, nil: null, o: {} },
      'app.ts',
    );
    expect([...app.workers.keys()]).toEqual(['a']);
    expect([...app.crons.keys()]).toEqual(['c']);
    expect([...app.datastores.keys()]).toEqual(['D']);
    expect([...app.handlers.keys()].sort()).toEqual(['a', 'c']);
  });

  test('may have a datastore named like a handler', () => {
    expect(() => collectApp({ a, b: datastore('a', {}) }, 'app.ts')).not.toThrow();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['two workers', { a, b: worker('a', handler) }, 'Two definitions in app.ts share the name "a"'],
    [
      'a worker and a cron',
      { a, b: cron('a', 'Daily', handler) },
      'Two definitions in app.ts share the name "a"',
    ],
    [
      'two datastores',
      { a: datastore('D', {}), b: datastore('D', {}) },
      'Two definitions in app.ts share the name "D"',
    ],
    [
      'datastores that differ in case',
      { a: datastore('Users', {}), b: datastore('users', {}) },
      'Two datastores in app.ts have names that differ in nothing but case: "Users" and "users"',
    ],
  ])('is refused with %s of one name', (_what, exports, text) => {
    const collect = (): unknown => collectApp(exports, 'app.ts');
    expect(collect).toThrow(errorWith({ name: 'ConfigError', code: 'definition_duplicate' }));
    expect(collect).toThrow(text);
  });

  test.each([{}, { helper: handler }])('is refused if it exports no definition: %p', (exports) => {
    const collect = (): unknown => collectApp(exports, 'app.ts');
    expect(collect).toThrow(errorWith({ name: 'ConfigError', code: 'app_invalid' }));
    expect(collect).toThrow('The app module app.ts exports no worker, cron or datastore');
  });
});
