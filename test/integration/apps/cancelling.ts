import { activities, datastore, DB, sleep, t, worker } from 'nightshift';

export const Steps = datastore('Steps', { what: t.String });

const note = (what: string, id: string): Promise<unknown> =>
  DB.set({ what }, `${id}-${what}`, Steps);

export const noted = worker('noted', async (_event: unknown, { id }) => note('ran', id));

export const failing = worker(
  'failing',
  { retry: { retries: 5, delay: '1 hour' } },
  async (_event: unknown, { id, attempt }) => {
    await note(`attempt ${attempt}`, id);
    throw new Error('try later');
  },
);

export const sleeping = worker('sleeping', async (_event: unknown, { id }) => {
  await note('began', id);
  await sleep('1 hour');
  await note('woke', id);
});

export const waiting = worker('waiting', async (_event: unknown, { id }) => {
  const { hang } = activities<{ hang(id: string): Promise<void> }>({
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '10 s',
  });
  await note('began', id);
  await hang(id);
});

/** Makes an error of its own of whatever happens. */
export const wrapping = worker(
  'wrapping',
  { retry: { retries: 5, delay: 1 } },
  async (_event: unknown, { id, attempt }) => {
    await note(`attempt ${attempt}`, id);
    try {
      await sleep('1 hour');
    } catch (cause) {
      throw new Error('it did not sleep well', { cause });
    }
  },
);

export const finishing = worker('finishing', async (_event: unknown, { id }) => {
  await note('began', id);
  try {
    await sleep('1 hour');
  } catch {
    return 'cut short';
  }
  return 'slept';
});
