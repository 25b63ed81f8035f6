import { sleep, worker } from 'nightshift';

export const quick = worker('quick', (event: unknown) => Promise.resolve(event));

export const open = worker('open', async (event: number) => {
  await sleep('1 hour');
  return event;
});
