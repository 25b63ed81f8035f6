import { createMemo } from '../../../src/dashboard/memo';

let time = 0;
const memo = createMemo(() => time);
let reads = 0;
const count = async (): Promise<number> => ++reads;
beforeEach(() => {
  time += 1_000_000;
  reads = 0;
});

it('reads once for all who ask meanwhile, and anew when the time is over', async () => {
  expect(await Promise.all([1, 2, 3].map(() => memo.read('a', 100, count)))).toEqual([1, 1, 1]);
  time += 100;
  expect(await memo.read('a', 100, count)).toBe(1);
  time += 1;
  expect(await memo.read('a', 100, count)).toBe(2);
  expect(await memo.read('b', 100, count)).toBe(3);
});

it('waits for one that takes longer than it is kept', async () => {
  let finish: (value: string) => void = () => {};
  const slow = memo.read('slow', 10, () => new Promise<string>((resolve) => (finish = resolve)));
  time += 1000;
  const second = memo.read('slow', 10, () => Promise.resolve('another'));
  finish('first');
  expect([await slow, await second]).toEqual(['first', 'first']);
});

it('keeps each value as long as it is good', async () => {
  const ms = (value: number): number => value * 100;
  await memo.read('each', ms, count);
  time += 101;
  expect(await memo.read('each', ms, count)).toBe(2);
  time += 199;
  expect(await memo.read('each', ms, count)).toBe(2);
});

it('keeps no failure, and nothing that was dropped', async () => {
  await expect(memo.read('x', 100, () => Promise.reject(new Error('away')))).rejects.toThrow(
    'away',
  );
  expect(await memo.read('x', 100, count)).toBe(1);
  memo.drop('x');
  expect(await memo.read('x', 100, count)).toBe(2);
});
