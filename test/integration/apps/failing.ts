import { datastore, DB, emit, sleep, t, worker } from 'nightshift';

export const Notes = datastore('Notes', { text: t.String });

const once = { retry: { retries: 0 } };
const soon = (retries: number) => ({ retry: { retries, delay: 10 } });

export const twiceMore = worker('twiceMore', { retry: { delay: 10 } }, async (_event, info) => {
  throw new RangeError(`attempt ${info.attempt}`, { cause: new Error('below') });
});

export const thirdTime = worker('thirdTime', soon(5), async (_event: unknown, info) => {
  if (info.attempt < 3) throw new Error(`not yet ${info.attempt}`);
  return info;
});

export const neverAgain = worker('neverAgain', once, async () => {
  throw new Error('once is enough');
});

export const later = worker('later', { retry: { retries: 1, delay: '1 hour' } }, async () => {
  throw new Error('try later');
});

export const typeError = worker(
  'typeError',
  once,
  async (event: { user: { name: string } }) => event.user.name,
);

const THROWN: Record<string, () => unknown> = {
  text: () => 'a text',
  undefined: () => undefined,
  null: () => null,
  number: () => 5,
  object: () => ({ code: 'E' }),
  symbol: () => Symbol('s'),
  bare: () => Object.create(null) as unknown,
  'odd message': () => Object.assign(new Error(), { message: 5 }),
  'own cause': () => {
    const error = new Error('bites its tail');
    error.cause = error;
    return error;
  },
  'deep causes': () => {
    let error = new Error('bottom');
    for (let i = 0; i < 5000; i++) error = new Error(`level ${i}`, { cause: error });
    return error;
  },
  'long message': () => new Error('x'.repeat(5_000_000)),
  'frozen error': () => Object.freeze(new Error('frozen')),
  'function as cause': () => new Error('odd cause', { cause: () => 1 }),
  aggregate: () => new AggregateError([new Error('a')], 'several'),
};

export const throws = worker('throws', soon(1), async (what: string) => {
  throw THROWN[what]?.();
});

export const throwsAtOnce = worker('throwsAtOnce', once, (() => {
  throw new Error('no promise');
}) as never);

const UNSTORABLE: Record<string, () => unknown> = {
  function: () => ({ f: () => 1 }),
  map: () => [new Map()],
  class: () => new (class Account {})(),
  cycle: () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  },
  large: () => 'x'.repeat(2_000_001),
  'too many units': () => 'é'.repeat(1_100_000),
  deep: () => {
    let list: unknown[] = [];
    for (let i = 0; i < 100_000; i++) list = [list];
    return list;
  },
};

export const returns = worker('returns', once, async (what: string) => UNSTORABLE[what]?.());

export const slow = worker('slow', { ...once, timeout: 200 }, async () => {
  await sleep('1 hour');
});

export const inTime = worker('inTime', { ...once, timeout: '1 hour' }, async () => {
  await sleep(1);
  return 'in time';
});

export const forgets = worker('forgets', once, async (event: { key: string; text: unknown }) => {
  void DB.set({ text: event.text as string }, event.key, Notes);
  return 'forgot';
});

export const forgetsEmit = worker('forgetsEmit', once, async (id: string) => {
  void emit(id, 'nobody', { id });
});

export const swallows = worker('swallows', once, async () => {
  await DB.set({ text: 5 as never }, 'a', Notes).catch(() => {});
  return 'swallowed';
});

export const floating = worker('floating', once, async (how: string) => {
  if (how === 'chain') void DB.set({ text: 5 as never }, 'a', Notes).then(() => 1);
  if (how === 'all') void Promise.all([DB.set({ text: 5 as never }, 'a', Notes), DB.count(Notes)]);
  if (how === 'plain') void Promise.reject(new Error('floating'));
  if (how === 'async function') {
    void (async () => {
      await DB.count(Notes);
      throw new Error('floating');
    })();
  }
  await sleep(10);
  if (how === 'own step') void DB.get('a', Notes).then(() => Promise.reject(new Error('floating')));
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- somebody will
  if (how === 'nothing') void Promise.reject(undefined);
  await DB.count(Notes);
  await sleep(10);
  if (how === 'at the end') void Promise.reject(new Error('floating'));
});

export const fetching = worker('fetching', once, async () => fetch('http://127.0.0.1/'));
