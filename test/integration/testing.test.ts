import { createTestApp, exercise, replayTraces, type TestApp } from 'nightshift/testing';
import { useAppFolder } from '../support/app-folder';
import { t } from '../../src/definitions/types';
import { worker } from '../../src/definitions/worker';

const folder = useAppFolder();
const even = worker('even', { event: t.Record({ n: t.Int }) }, async () => {});
const plain = worker('plain', async () => {});
const loose = worker(
  'loose',
  { event: t.Record({ text: t.String, at: t.optional(t.Date) }) },
  async () => {},
);

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    app: folder.write(`
export const plain = worker('plain', async () => {});
export const loose = worker('loose', { event: t.Record({ text: t.String, at: t.optional(t.Date) }) }, async (event) => event);
export const even = worker('even', { event: t.Record({ n: t.Int }), retry: { retries: 0 } }, async ({ n }) => {
  if (n > 1000) throw new RangeError('too large');
});
export const leaf = worker('leaf', { retry: { retries: 0 } }, async (n) => {
  if (n === 3) throw new Error('three');
  return n;
});
export const branch = worker('branch', async (from) => {
  await Promise.all([from, from + 1].map((n) => emit(n, leaf)));
});
export const patient = worker('patient', { timeout: '1 year' }, async () => {
  const first = await Promise.race([sleep('30 days').then(() => 'month'), sleep(1).then(() => 'moment')]);
  await sleep('30 days');
  return first;
});
export const root = worker('root', async () => {
  await emit(0, branch);
  await emit(2, branch);
  await emit(null, 'nobody');
  return 'planted';
});
`),
  });
});
afterAll(() => app[Symbol.asyncDispose]());

describe('emit with settle', () => {
  test('gives how everything ended that came of the event', async () => {
    const { value, emitted } = await app.emit(null, 'root', { settle: true });
    expect(value).toBe('planted');
    expect(emitted).toMatchObject([
      { status: 'done', emitted: [{ status: 'done' }, { status: 'done' }] },
      { status: 'done', emitted: [{ value: 2 }, { status: 'error', error: { message: 'three' } }] },
      { status: 'missing', emitted: [] },
    ]);
  });

  test('is not the default', async () => {
    expect(await app.emit(null, 'root')).not.toHaveProperty('emitted');
  });
});

test('a sleep of days takes a second, and stands in the trace as it was asked for', async () => {
  const { id, value } = await app.emit(null, 'patient');
  expect(value).toBe('moment');
  const { attempts } = await app.client.traces.get(id);
  const sleeps = attempts[0]?.steps.filter(({ summary = '' }) => summary.startsWith('sleep '));
  const days = 30 * 86_400_000;
  expect(sleeps?.map(({ args }) => args)).toEqual([[days], [1], [days]]);
});

describe('exercise', () => {
  test('makes events of the schema, and all pass', async () => {
    const seen: unknown[] = [];
    await exercise(app, loose, {
      runs: 20,
      seed: 1,
      check: (outcome, event) => void seen.push(event, outcome.value),
    });
    expect(seen).toHaveLength(40);
    seen.forEach((event, i) => i % 2 === 0 && expect(seen[i + 1]).toEqual(event));
  });

  test('finds the smallest event that fails, and tells it with the error and the seed', async () => {
    const error: unknown = await exercise(app, even, { runs: 100, seed: 7 }).catch(
      (e: unknown) => e,
    );
    expect((error as Error).message).toMatch(/seed: 7/);
    expect((error as Error).message).toContain('Counterexample: [{"n":1001}]');
    expect(((error as Error).cause as Error).message).toBe('too large');
  }, 60_000);

  test('needs a schema', () =>
    expect(exercise(app, plain)).rejects.toMatchObject({
      code: 'definition_invalid',
      message: 'Worker "plain" has no "event" schema to make events from',
    }));
});

describe('replayTraces refuses', () => {
  test.each([
    ['no JSON', '{', /^bad\.json is no saved trace: it is no JSON$/],
    ['another JSON', '{}', /^bad\.json is no saved trace$/],
    [
      'a trace of another version',
      '{"format":9}',
      /has format 9; this version of nightshift reads format 1$/,
    ],
    [
      'half a trace',
      '{"format":1,"id":"a","handler":"b"}',
      /is no saved trace: app: .*expected string/,
    ],
    [
      'a trace without runs',
      '{"format":1,"id":"a","handler":"b","app":"c","runs":[]}',
      /is no saved trace: runs: it has none$/,
    ],
  ])('%s', (_what, text, message) => {
    folder.write(text, 'bad.json');
    expect(() => replayTraces(folder.path, { app: '/app.ts' })).toThrow(message);
  });
});
