import { setTimeout as wait } from 'node:timers/promises';
import type {
  Health,
  ListedEvent,
  MissingName,
  NightshiftClient,
  QueueStanding,
} from '../../client';
import { messageOf } from '../shared/errors';

/** What all pages show of the app as a whole. */
export interface Sample {
  readonly at: Date;
  readonly handlers: readonly HandlerNumbers[];
  readonly missing: readonly MissingName[];
  readonly health: Health | undefined;
  /** Those that ended in the last hour, newest first. */
  readonly ended: readonly ListedEvent[];
  /** Those that have not ended, newest first. */
  readonly open: readonly ListedEvent[];
  /** True if there are more of them than are looked at: numbers are at least so large. */
  readonly more: { readonly ended: boolean; readonly open: boolean };
  /** Why it is older than it should be. */
  readonly failure?: string;
}

/** One line of the overview. */
export interface HandlerNumbers extends QueueStanding {
  /** Not yet begun: held, delayed, or before a retry. */
  readonly waiting: number;
  readonly running: number;
  /** In the last hour; so are the other two. */
  readonly done: number;
  readonly failed: number;
  readonly unhandled: number;
  /** When the oldest waiting event was emitted. */
  readonly oldestWaits?: Date;
  /** The newest that ended. */
  readonly last?: ListedEvent;
}

export interface Sampler {
  /** The present sample. The first one waits until there is one; rejects if there never was any. */
  read(): Promise<Sample>;
  close(): Promise<void>;
}

/** One question to Temporal's lists a second, however many look. */
const ROUND_MS = 1000;
const IDLE_MS = 15_000;
const PATIENCE_MS = 150;
const HOUR_MS = 3_600_000;
/** Temporal's lists are late by some of these. */
const LATE_MS = 5_000;
const PAGE = 1000;
const KEPT = 10_000;
const HEALTH_EVERY = 10;

/** Looks at the app once a second while somebody reads, and not at all when nobody does. */
export function createSampler(client: NightshiftClient, now: () => number): Sampler {
  const ended = new Map<string, ListedEvent>();
  let open: readonly ListedEvent[] = [];
  let older: 'unread' | 'read' | 'left out' = 'unread';
  let seenUntil = 0;
  let health: Health | undefined;
  let sample: Sample | undefined;
  let readAt = 0;
  let rounds = 0;
  const stop = new AbortController();
  let loop: Promise<void> | undefined;
  let first: Promise<void> | undefined;

  const add = (events: readonly ListedEvent[]): void => {
    for (const event of events) ended.set(`${event.id} ${event.endedAt?.getTime()}`, event);
    const from = now() - HOUR_MS;
    for (const [key, { endedAt }] of ended) if ((endedAt?.getTime() ?? 0) < from) ended.delete(key);
  };

  const readNew = async (): Promise<void> => {
    const from = Math.max(seenUntil - LATE_MS, now() - HOUR_MS);
    const asked = now();
    const events = await client.events.list({
      endedSince: new Date(from),
      ended: true,
      limit: PAGE,
    });
    if (seenUntil === 0 && events.length < PAGE) older = 'read';
    seenUntil = asked;
    add(events);
  };

  /** The hour before the first look, page by page. */
  const readOlder = async (): Promise<void> => {
    const times = [...ended.values()].map(({ endedAt }) => endedAt?.getTime() ?? now());
    const events = await client.events.list({
      endedSince: new Date(now() - HOUR_MS),
      endedBefore: new Date(Math.min(...times)),
      ended: true,
      limit: PAGE,
    });
    add(events);
    if (events.length < PAGE) older = 'read';
    else if (ended.size >= KEPT) older = 'left out';
  };

  const round = async (): Promise<void> => {
    const step = rounds++;
    if (step === 0) await Promise.all([readNew(), readOpen()]);
    else if (older === 'unread') await readOlder();
    else await (step % 2 === 0 ? readOpen() : readNew());
    if (step % HEALTH_EVERY === 0) health = await client.health();
    const [standings, missing] = await Promise.all([
      client.queues.standings(),
      client.missing.list(),
    ]);
    sample = sampleOf(standings, missing);
  };

  const readOpen = async (): Promise<void> => {
    open = await client.events.list({ ended: false, limit: PAGE });
  };

  const sampleOf = (
    standings: readonly QueueStanding[],
    missing: readonly MissingName[],
  ): Sample => {
    const newestFirst = [...ended.values()].sort(
      (a, b) => (b.endedAt?.getTime() ?? 0) - (a.endedAt?.getTime() ?? 0),
    );
    const endedOf = byHandler(newestFirst);
    const openOf = byHandler(open);
    return {
      at: new Date(now()),
      handlers: standings.map((standing) =>
        numbersOf(standing, endedOf.get(standing.name) ?? [], openOf.get(standing.name) ?? []),
      ),
      missing,
      health,
      ended: newestFirst,
      open,
      more: { ended: older !== 'read', open: open.length >= PAGE },
    };
  };

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted && now() - readAt < IDLE_MS) {
      await wait(ROUND_MS, undefined, { signal: stop.signal }).catch(() => {});
      if (stop.signal.aborted) return;
      await round().catch((error: unknown) => {
        if (sample !== undefined) sample = { ...sample, failure: messageOf(error) };
      });
    }
  };

  return {
    async read() {
      const isStale = now() - readAt > IDLE_MS;
      readAt = now();
      if (isStale) rounds = 0;
      if (sample === undefined || isStale) first ??= round().finally(() => (first = undefined));
      // After a while without readers the last sample is there at once, and says how old it is.
      const settled = first?.catch(() => {});
      if (sample === undefined) await first;
      else if (isStale) await Promise.race([settled, wait(PATIENCE_MS)]);
      loop ??= run().finally(() => (loop = undefined));
      if (sample === undefined) throw new Error('Nothing was seen yet');
      return sample;
    },
    async close() {
      stop.abort();
      await loop;
    },
  };
}

function byHandler(events: readonly ListedEvent[]): ReadonlyMap<string, ListedEvent[]> {
  const groups = new Map<string, ListedEvent[]>();
  for (const event of events) {
    const group = groups.get(event.handler);
    if (group === undefined) groups.set(event.handler, [event]);
    else group.push(event);
  }
  return groups;
}

/** Of the handler's own events, newest first. */
function numbersOf(
  standing: QueueStanding,
  ended: readonly ListedEvent[],
  open: readonly ListedEvent[],
): HandlerNumbers {
  const count = (events: readonly ListedEvent[], status: ListedEvent['status']): number =>
    events.filter((event) => event.status === status).length;
  const waiting = open.filter(({ status }) => status === 'new');
  const times = [
    ...waiting.map(({ emittedAt }) => emittedAt),
    ...(standing.oldest ? [standing.oldest] : []),
  ];
  const [last] = ended;
  return {
    ...standing,
    waiting: Math.max(waiting.length, standing.held),
    running: open.length - waiting.length,
    done: count(ended, 'done'),
    failed: count(ended, 'error'),
    unhandled: count(ended, 'missing'),
    ...(times.length === 0
      ? {}
      : { oldestWaits: new Date(Math.min(...times.map((time) => time.getTime()))) }),
    ...(last === undefined ? {} : { last }),
  };
}
