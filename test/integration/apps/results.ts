import { sleep, uuid, log, worker } from 'nightshift';

const VALUES: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  'minus zero': () => -0,
  NaN: () => Number.NaN,
  Infinity: () => -Infinity,
  bigint: () => 10n ** 30n,
  text: () => 'é😀\ud800\u0000',
  date: () => new Date(8.64e15),
  'invalid date': () => new Date(Number.NaN),
  bytes: () => new Uint8Array([0, 1, 255]),
  'nested bytes': () => ({ b: new Uint8Array([0, 1, 255]) }),
  list: () => [1, undefined, [null]],
  object: () => ({ $date: 'x', $$: 1, u: undefined, 'a.b': { n: -0 } }),
  __proto__: () => JSON.parse('{"__proto__":{"a":1}}') as unknown,
  bare: () => Object.assign(Object.create(null) as object, { toString: 1 }),
};

export const gives = worker('gives', async (name: string) => VALUES[name]?.());

export const echo = worker('echo', async (event: unknown) => event);

export const ids = worker('ids', async () => [uuid(), uuid()]);

export const naps = worker(
  'naps',
  { retry: { retries: 0 } },
  async (duration: number | '1 ms' | 'soon') => {
    await sleep(duration as number);
    return 'awake';
  },
);

export const sleeps = worker('sleeps', async () => {
  await sleep('3 days');
});

export const later = worker('later', { retry: { delay: '1 hour' } }, async () => {
  throw new Error('try later');
});

export const stubborn = worker('stubborn', { retry: { retries: 0 } }, async () => {
  try {
    await sleep('1 hour');
  } catch {
    return 'cleaned up';
  }
});

export const logs = worker('logs', async () => {
  log.info('hello', { from: 'handler' });
});
