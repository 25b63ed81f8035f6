// Hand-written Temporal, as good as we can make it: what Nightshift is measured against.
import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Activities, Write } from './activities';

const { upsert, find, countMissing, start } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 3 },
});
const scheduled = proxyActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 3 },
});
const status = defineSearchAttributeKey('NightshiftStatus', 'KEYWORD');

interface Person {
  readonly id: string;
  readonly name: string;
}

const recordOf = ({ id, name }: Person): Write => ({
  collection: 'people',
  key: id,
  fields: { name, at: new Date().toISOString() },
});

/** Writes a record and reads it. */
export async function writeAndRead(person: Person): Promise<unknown> {
  await upsert(recordOf(person));
  return find('people', person.id);
}

/** The same as most people write it: with activities that Temporal schedules. */
export async function writeAndReadScheduled(person: Person): Promise<unknown> {
  await scheduled.upsert(recordOf(person));
  return scheduled.find('people', person.id);
}

/** What the GitHub example does with a webhook: who, where, what, side by side. */
export async function delivery({
  name,
  writes,
}: {
  name: string;
  writes: Write[] | null;
  payload: unknown;
}): Promise<void> {
  if (writes !== null) {
    await Promise.all(writes.map((write) => upsert(write)));
    return;
  }
  await countMissing(name);
  upsertSearchAttributes([{ key: status, value: 'missing' }]);
}

/** Waits for a signal, and says meanwhile that it does. */
export async function waits(event: unknown): Promise<unknown> {
  let resumed = false;
  setHandler(defineSignal('resume'), () => void (resumed = true));
  upsertSearchAttributes([{ key: status, value: 'new' }]);
  await condition(() => resumed);
  upsertSearchAttributes([{ key: status, value: null }]);
  return event;
}

/** Starts another workflow from within the worker process. */
export async function relay(person: Person): Promise<void> {
  await start('writeAndRead', person.id, person);
}
