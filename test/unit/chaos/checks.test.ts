import { eventsEnded, nothingStuck } from '../../chaos/checks/events';
import type { Check, Outcome, StoredRecord } from '../../chaos/checks/outcome';
import { addedOnce, counted, eachEventWrote, nothingLost } from '../../chaos/checks/records';
import { noTimeTwice } from '../../chaos/checks/schedule';
import type { Entry } from '../../chaos/client/journal';

type Runs = Readonly<Record<string, readonly string[]>>;
type Records = Readonly<Record<string, readonly StoredRecord[]>>;

const acknowledged = (lane: string, ...keys: string[]): Entry[] =>
  keys.map((key) => ({ lane, key }));
const record = (_id: string, v: StoredRecord['v'] = {}, r = 1): StoredRecord => ({ _id, r, v });

/** What there is after a run. Handlers are what stands before the first hyphen of an id. */
function outcome(journal: readonly Entry[], runs: Runs, records: Records = {}): Outcome {
  const events = Object.entries(runs).map(([id, statuses]) => {
    const all = statuses.map((status, i) => ({ runId: `${id}/${i}`, status }));
    return [id, { id, handler: id.replace(/-.*/, ''), runs: all }] as const;
  });
  const client = { queues: { list: async () => [] } };
  return {
    journal,
    events: new Map(events),
    records: new Map(Object.entries(records)),
    client,
  } as unknown as Outcome;
}

const problems = (check: Check, of: Outcome): Promise<string[]> => Promise.resolve(check(of));

describe('every event ended once', () => {
  const done = ['COMPLETED'];
  const order = acknowledged('orders', 'order-1');
  const chain = { 'order-1': done, 'bill-1': done, 'ship-1': done };

  it.each<[string, Runs, string[]]>([
    ['all done', chain, []],
    ['done after attempts', { ...chain, 'bill-1': ['CONTINUED_AS_NEW', 'COMPLETED'] }, []],
    [
      'an accepted event that is gone',
      { 'order-1': done, 'bill-1': done },
      ['event ship-1 was accepted and is not there'],
    ],
    [
      'one that failed',
      { ...chain, 'ship-1': ['FAILED'] },
      ['event ship-1: FAILED; should be done'],
    ],
    [
      'one that ended twice',
      { ...chain, 'ship-1': ['COMPLETED', 'COMPLETED'] },
      ['event ship-1: COMPLETED, COMPLETED; ended twice'],
    ],
    [
      'one that nobody emitted',
      { ...chain, 'ship-2': done },
      ['event ship-2 of "ship" was never emitted'],
    ],
  ])('%s', async (_what, runs, expected) => {
    expect(await problems(eventsEnded, outcome(order, runs))).toEqual(expected);
  });

  it('one that is to be missing, and one that is to fail', async () => {
    const journal = acknowledged('others', 'nobody-1', 'wrong-1');
    const right = { 'nobody-1': ['MISSING'], 'wrong-1': ['FAILED'] };
    expect(await problems(eventsEnded, outcome(journal, right))).toEqual([]);
    const wrong = { 'nobody-1': ['COMPLETED'], 'wrong-1': ['COMPLETED'] };
    expect(await problems(eventsEnded, outcome(journal, wrong))).toHaveLength(2);
  });

  it('only a redriven event may have failed before', async () => {
    const twice = ['FAILED', 'COMPLETED'];
    const doomed = outcome(acknowledged('redrives', 'doomed-0-0'), { 'doomed-0-0': twice });
    expect(await problems(eventsEnded, doomed)).toEqual([]);
    const flaky = outcome(acknowledged('others', 'flaky-0'), { 'flaky-0': twice });
    expect(await problems(eventsEnded, flaky)).toHaveLength(1);
  });

  it('one that has not ended is stuck', async () => {
    const open = outcome(order, { ...chain, 'ship-1': ['RUNNING'] });
    expect(await problems(nothingStuck, open)).toEqual(['event ship-1 has not ended']);
  });
});

describe('writes', () => {
  const order = acknowledged('orders', 'order-1');
  const runs = { 'order-1': ['CONTINUED_AS_NEW', 'COMPLETED'] };
  const line = (key: string, attempt: number, r = 1): StoredRecord =>
    record(key, { order: 'order-1', attempt }, r);

  it.each<[string, StoredRecord[], number]>([
    ['each attempt added one', [line('a', 1), line('b', 2)], 0],
    ['the first attempt failed before it added', [line('b', 2)], 0],
    ['the attempt that succeeded added none', [line('a', 1)], 1],
    ['an attempt added two', [line('a', 1), line('b', 2), line('c', 2)], 1],
    ['an attempt that never was', [line('b', 2), line('c', 3)], 1],
    ['one was written twice', [line('b', 2, 2)], 1],
  ])('%s', async (_what, lines, wrong) => {
    const notes = [line('n', 2)];
    const found = await problems(addedOnce, outcome(order, runs, { Lines: lines, Notes: notes }));
    expect(found).toHaveLength(wrong);
  });

  it('a record is written at most once in an attempt', async () => {
    const written = (r: number): Outcome =>
      outcome(order, runs, {
        Orders: [record('order-1', {}, r)],
        Bills: [record('bill-1', {}, 0)],
        Ships: [record('ship-1', {}, 0)],
      });
    expect(await problems(eachEventWrote, written(2))).toEqual([]);
    expect(await problems(eachEventWrote, written(3))).toEqual([
      'Orders "order-1" was written 3 times in 2 attempts',
    ]);
  });

  it('a counter has each attempt once at most, and the one that succeeded', async () => {
    const with_ = (...attempts: number[]): Outcome => {
      const by = attempts.map((attempt) => `order-1 attempt ${attempt}`);
      return outcome(order, runs, { Counters: [record('counter-1', { by })] });
    };
    expect(await problems(counted, with_(1, 2))).toEqual([]);
    expect(await problems(counted, with_(2))).toEqual([]);
    expect(await problems(counted, with_(1))).toEqual([
      'Counters: "order-1 attempt 2" is not there',
    ]);
    expect(await problems(counted, with_(2, 2))).toHaveLength(1);
  });

  it('a record holds what was acknowledged last', async () => {
    const journal = acknowledged('records', 'version-0', 'version-20');
    const with_ = (version: number): Outcome =>
      outcome(journal, {}, { Acknowledged: [record('key-0', { version })] });
    expect(await problems(nothingLost, with_(20))).toEqual([]);
    expect(await problems(nothingLost, with_(0))).toEqual([
      'key-0: 20 was acknowledged, 0 is there',
    ]);
  });
});

test('a time of the cron has one run, and those by hand have none', async () => {
  const at = (key: string, time: number): StoredRecord => record(key, { dueAt: new Date(time) });
  const ticks = (...Ticks: StoredRecord[]): Outcome => outcome([], {}, { Ticks });
  const byHand = at('tick-now-1', 2_000);
  expect(await problems(noTimeTwice, ticks(at('a', 2_000), at('b', 4_000), byHand))).toEqual([]);
  expect(await problems(noTimeTwice, ticks(at('a', 2_000), at('b', 2_000)))).toHaveLength(1);
});
