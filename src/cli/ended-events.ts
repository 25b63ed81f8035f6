import { setTimeout as wait } from 'node:timers/promises';
import type { ListedEvent, NightshiftClient } from '../../client';
import { formatBetween } from '../shared/duration';
import { messageOf } from '../shared/errors';
import type { Io } from './io';
import { statusText } from './status-text';

const EVERY_MS = 500;
/** Temporal's list is late by some of these. */
const LATE_MS = 5_000;
/** With more at once, a line for each handler says how many. */
const MAX_LINES = 20;
const MAX_EVENTS = 1000;

/** Prints a line for each event that ends from now on, until it is closed. */
export function showEndedEvents(client: NightshiftClient, io: Io): { close(): Promise<void> } {
  const stop = new AbortController();
  const shown = new Map<string, number>();
  let from = Date.now();
  const round = async (): Promise<void> => {
    const endedSince = new Date(from - LATE_MS);
    const events = await client.events.list({ endedSince, limit: MAX_EVENTS });
    const fresh = events.filter(
      (event) => !shown.has(keyOf(event)) && (event.endedAt?.getTime() ?? 0) >= begun,
    );
    for (const event of fresh) shown.set(keyOf(event), event.endedAt?.getTime() ?? 0);
    if (fresh.length > MAX_LINES) io.err(summary(fresh, io));
    else for (const event of fresh.reverse()) io.err(await lineOf(event, client, io));
    from = Date.now();
    for (const [key, endedAt] of shown) if (endedAt < from - 2 * LATE_MS) shown.delete(key);
  };
  const begun = from;
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      // A server that is away is told by whoever needs it; here the next round tries again.
      await round().catch(() => {});
      await wait(EVERY_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const ended = loop();
  return {
    async close() {
      stop.abort();
      await ended;
    },
  };
}

const keyOf = ({ id, endedAt }: ListedEvent): string => `${endedAt?.getTime() ?? 0} ${id}`;

async function lineOf(event: ListedEvent, client: NightshiftClient, io: Io): Promise<string> {
  const { id, handler, status, emittedAt, endedAt = emittedAt } = event;
  const { bold, dim } = io.colors;
  const took = formatBetween(emittedAt, endedAt);
  const line = `${timeOf(endedAt, io)}  ${statusText(status, io)}  ${bold(handler)}  ${id}  ${dim(took)}`;
  if (status === 'missing')
    return `${line}  ${dim(`no handler; a start: nightshift missing ${handler} --stub`)}`;
  if (status !== 'error') return line;
  return [line, ...(await reasonOf(id, client, io))].join('\n');
}

async function reasonOf(id: string, client: NightshiftClient, io: Io): Promise<string[]> {
  const indent = ' '.repeat(10);
  try {
    const { attempts } = await client.traces.get(id);
    const { error } = attempts.at(-1) ?? {};
    if (error === undefined) return [];
    const { type, message, at } = error;
    const name = type === 'Error' ? '' : `${type}: `;
    const place = at === undefined ? '' : `  ${io.colors.dim(at)}`;
    return [
      `${indent}${io.colors.red(`${name}${message.split('\n')[0] ?? ''}`)}${place}`,
      `${indent}${io.colors.dim(`nightshift trace ${id}`)}`,
    ];
  } catch (error) {
    return [`${indent}${io.colors.dim(messageOf(error))}`];
  }
}

function summary(events: readonly ListedEvent[], io: Io): string {
  const counts = new Map<string, Map<string, number>>();
  for (const { handler, status } of events) {
    const of = counts.get(handler) ?? new Map<string, number>();
    counts.set(handler, of.set(status, (of.get(status) ?? 0) + 1));
  }
  return [...counts]
    .map(([handler, of]) => {
      const numbers = [...of].map(
        ([status, n]) => `${statusText(status as ListedEvent['status'], io)} ${n}`,
      );
      return `${timeOf(new Date(), io)}  ${io.colors.bold(handler)}  ${numbers.join('  ')}`;
    })
    .join('\n');
}

const timeOf = (date: Date, { colors }: Io): string => colors.dim(date.toTimeString().slice(0, 8));
