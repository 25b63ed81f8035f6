import { flag, sleep, worker } from 'nightshift';

export const which = worker('which', async () => [flag('first'), flag('second'), flag('toString')]);

/** Asks before and after a pause, in which a test changes the flag. */
export const twice = worker('twice', async (ms: number) => {
  const before = flag('first');
  await sleep(ms);
  return [before, flag('first')];
});

/** Fails until the flag is on. */
export const retried = worker('retried', { retry: { delay: 1500 } }, async (_event, info) => {
  if (!flag('repaired')) throw new Error('not repaired');
  return info.attempt;
});
