import { together } from '../../../src/shared/together';

/** Calls that end when the test says so. */
function calls() {
  const sent: { keys: readonly number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const ask = together(
    (keys: readonly number[]) =>
      new Promise<number[]>((resolve, reject) => {
        sent.push({ keys, answer: () => resolve(keys.map((key) => key * 10)), fail: reject });
      }),
  );
  return { sent, ask, keys: () => sent.map(({ keys }) => keys) };
}

test('the first goes out at once, those that come meanwhile go together in the next', async () => {
  const { ask, sent, keys } = calls();
  const first = ask(1);
  const rest = [ask(2), ask(3), ask(2)];
  expect(keys()).toEqual([[1]]);
  sent[0]?.answer();
  await expect(first).resolves.toBe(10);
  expect(keys()).toEqual([[1], [2, 3, 2]]);
  sent[1]?.answer();
  await expect(Promise.all(rest)).resolves.toEqual([20, 30, 20]);
  void ask(4);
  expect(keys()).toHaveLength(3);
});

test('no question is answered by a call that began before it', async () => {
  let now = 0;
  const ask = together(async (keys: readonly number[]) => {
    const began = now;
    await Promise.resolve();
    now++;
    return keys.map(() => began);
  });
  const asked = Array.from({ length: 50 }, async (_, i) => {
    for (let j = 0; j < i; j++) await Promise.resolve();
    const since = now;
    expect(await ask(i)).toBeGreaterThanOrEqual(since);
  });
  await Promise.all(asked);
});

test('a failure is everybody’s who asked in that call, and nobody else’s', async () => {
  const { ask, sent } = calls();
  const first = ask(1);
  const [second, third] = [ask(2), ask(3)];
  sent[0]?.answer();
  await first;
  const fourth = ask(4);
  sent[1]?.fail(new Error('away'));
  await expect(second).rejects.toThrow('away');
  await expect(third).rejects.toThrow('away');
  await new Promise(setImmediate);
  sent[2]?.answer();
  await expect(fourth).resolves.toBe(40);
});

test('a call that never comes back holds up nobody but itself', async () => {
  const { ask, sent, keys } = calls();
  void ask(1);
  const second = ask(2);
  while (sent.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(keys()).toEqual([[1], [2]]);
  sent[1]?.answer();
  await expect(second).resolves.toBe(20);
});
