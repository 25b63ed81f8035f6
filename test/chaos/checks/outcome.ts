import type { Client } from '@temporalio/client';
import type { Db } from 'mongodb';
import type { NightshiftClient } from 'nightshift/client';
import type { Entry } from '../client/journal';

/** One run of an event: one attempt. */
export interface Run {
  readonly runId: string;
  /** As Temporal names it, e.g. `COMPLETED`; `MISSING` for one that completed as missing. */
  readonly status: string;
}

export interface SeenEvent {
  readonly id: string;
  readonly handler: string;
  /** Oldest first. */
  readonly runs: readonly Run[];
}

export interface StoredRecord {
  readonly _id: string;
  /** How often it was written. */
  readonly r: number;
  readonly v: Readonly<Record<string, unknown>>;
}

/** All that there is when everything has come to rest. */
export interface Outcome {
  readonly journal: readonly Entry[];
  readonly events: ReadonlyMap<string, SeenEvent>;
  /** By datastore. */
  readonly records: ReadonlyMap<string, readonly StoredRecord[]>;
  readonly client: NightshiftClient;
  readonly db: Db;
  readonly temporal: Client;
}

/** Gives what is wrong: one line for each thing. */
export type Check = (outcome: Outcome) => string[] | Promise<string[]>;

/** The keys that a lane was acknowledged, those that match, as their first group. */
export function acknowledged({ journal }: Outcome, lane: string, pattern: RegExp): string[] {
  return journal.flatMap((entry) => {
    const match = entry.lane === lane ? pattern.exec(entry.key) : null;
    return match === null ? [] : [match[1] ?? entry.key];
  });
}

export const recordsOf = ({ records }: Outcome, datastore: string): readonly StoredRecord[] =>
  records.get(datastore) ?? [];

export const runsOf = ({ events }: Outcome, id: string): number => events.get(id)?.runs.length ?? 0;

/** What is in one of the lists and not in the other. */
export function differences(
  what: string,
  found: readonly string[],
  expected: readonly string[],
): string[] {
  const [has, wants] = [new Set(found), new Set(expected)];
  return [
    ...expected.filter((one) => !has.has(one)).map((one) => `${what}: "${one}" is not there`),
    ...found.filter((one) => !wants.has(one)).map((one) => `${what}: "${one}" should not be there`),
    ...(found.length === has.size ? [] : [`${what}: ${found.length - has.size} are there twice`]),
  ];
}
