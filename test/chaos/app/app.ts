import { cron, datastore, DB, emit, migration, t, worker } from 'nightshift';

// Has exactly one right outcome, whatever dies meanwhile. A step that fails because a server is away fails the attempt,
// and the next attempt does everything anew: so records say which attempt wrote them.

const untilItWorks = { retry: { retries: 1_000, delay: '1 second' } } as const;

export const Orders = datastore('Orders', { n: t.Int, attempt: t.Int });
/** One for each attempt of each order. */
export const Lines = datastore('Lines', { order: t.String, attempt: t.Int });
/** Who was counted in which attempt. Many orders write one record at once. */
export const Counters = datastore('Counters', { by: t.List(t.String) });
export const Bills = datastore('Bills', { n: t.Int });
export const Ships = datastore('Ships', { n: t.Int });
/** One for each event that an attempt of an order emitted without an id. */
export const Notes = datastore('Notes', { order: t.String, attempt: t.Int });

/** Counters that are there before anything happens. */
export const COUNTERS = 30;

/** The beginning of a chain of events. */
export const order = worker(
  'order',
  { event: t.Record({ n: t.Int }), ...untilItWorks },
  async ({ n }, { id, attempt }) => {
    await DB.set({ n, attempt }, id, Orders);
    await DB.add({ order: id, attempt }, Lines);
    await DB.update(`counter-${n % COUNTERS}`, Counters, ({ by }) => ({
      by: [...by, `${id} attempt ${attempt}`],
    }));
    await Promise.all([emit({ n }, bill, { id: `bill-${n}` }), emit({ order: id, attempt }, note)]);
    return n;
  },
);

export const bill = worker('bill', untilItWorks, async ({ n }: { n: number }) => {
  await DB.set({ n }, `bill-${n}`, Bills);
  await emit({ n }, ship, { id: `ship-${n}`, delay: '1 second' });
});

export const ship = worker('ship', untilItWorks, async ({ n }: { n: number }) => {
  await DB.set({ n }, `ship-${n}`, Ships);
});

export const note = worker(
  'note',
  untilItWorks,
  async ({ order, attempt }: { order: string; attempt: number }, { id }) => {
    await DB.set({ order, attempt }, id, Notes);
  },
);

export const Mails = datastore('Mails', { cycle: t.Int });

/** Its queue is paused and blocked, again and again. */
export const mail = worker('mail', untilItWorks, async ({ cycle }: { cycle: number }, { id }) => {
  await DB.set({ cycle }, id, Mails);
});

export const Cures = datastore('Cures', { since: t.Date });
export const Cured = datastore('Cured', { cure: t.String });

/** Ends in error until there is its cure; then it is redriven. */
export const doomed = worker(
  'doomed',
  { retry: { retries: 0 } },
  async ({ cure }: { cure: string }, { id }) => {
    if ((await DB.get(cure, Cures)) === undefined) throw new Error(`no ${cure} yet`);
    await DB.set({ cure }, id, Cured);
  },
);

export const Flakes = datastore('Flakes', { attempt: t.Int });

/** Fails a given number of times by itself. */
export const flaky = worker(
  'flaky',
  untilItWorks,
  async ({ failures }: { failures: number }, { id, attempt }) => {
    if (attempt <= failures) throw new RangeError(`attempt ${attempt} of ${failures} that fail`);
    await DB.set({ attempt }, id, Flakes);
  },
);

export const Laters = datastore('Laters', { dueAt: t.Date, ranAt: t.Date });

/** Emitted with a delay. */
export const later = worker('later', untilItWorks, async ({ dueAt }: { dueAt: Date }, { id }) => {
  await DB.set({ dueAt, ranAt: new Date() }, id, Laters);
});

export const Ticks = datastore('Ticks', { dueAt: t.Date });

export const tick = cron(
  'tick',
  { every: '2 seconds' },
  untilItWorks,
  async (_event, { id, scheduledAt, emittedAt }) => {
    await DB.set({ dueAt: scheduledAt ?? emittedAt }, id, Ticks);
  },
);

export const Acknowledged = datastore('Acknowledged', { version: t.Int });

export const Old0 = datastore('Old0', { n: t.Int });
export const Old1 = datastore('Old1', { n: t.Int });
export const Old2 = datastore('Old2', { n: t.Int });
export const New0 = datastore('New0', { n: t.Int, twice: t.Int });
export const New1 = datastore('New1', { n: t.Int, twice: t.Int });
export const New2 = datastore('New2', { n: t.Int, twice: t.Int });

const twice = ({ n }: { n: number }): { n: number; twice: number } => ({ n, twice: 2 * n });
export const copy0 = migration('copy0', Old0, New0, twice);
export const copy1 = migration('copy1', Old1, New1, twice);
export const copy2 = migration('copy2', Old2, New2, twice);
