import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from 'nightshift';
import { Acknowledged, Old0, Old1, Old2 } from '../app/app';
import type { Lane } from './lane';

export const KEYS = 20;

/** Records that are written by the client, each again and again, and read at once. */
export async function records(lane: Lane): Promise<void> {
  const { DB } = lane.client;
  for (let version = 0; lane.begins(version); version++) {
    const key = `key-${version % KEYS}`;
    await lane.step(`version-${version}`, async () => {
      await DB.set({ version }, key, Acknowledged);
      const read = await DB.get(key, Acknowledged);
      if (read?.version !== version)
        lane.problem(`read ${version}`, `${key}: wrote ${version}, read ${read?.version}`);
    });
    await wait(150);
  }
}

const OLD = [Old0, Old1, Old2];
export const COPIED = 700; // more than one page
const AT_ONCE = 20;
const BETWEEN_MS = 4_000;

/** Datastores that are filled and then copied by a migration, which is stopped for a while. */
export async function copies(lane: Lane): Promise<void> {
  const { client } = lane;
  for (const [i, old] of OLD.entries()) {
    if (!lane.begins(i)) return;
    const name = `copy${i}`;
    for (let from = 0; from < COPIED; from += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, COPIED - from) }, (_, j) => from + j);
      await lane.step(`${name} from ${from}`, async () => {
        await Promise.all(numbers.map((n) => client.DB.set({ n }, String(n), old)));
      });
    }
    await lane.step(`start ${name}`, () => startOnce(lane, name));
    await lane.step(`pause ${name}`, () => orEnded(() => client.migrations.get(name).pause()));
    await wait(1_000);
    await lane.step(`resume ${name}`, () => orEnded(() => client.migrations.get(name).resume()));
    await lane.step(`result ${name}`, () => client.migrations.get(name).result());
    await wait(BETWEEN_MS);
  }
}

/** A second start after the end would copy all records anew: the last client may have started it. */
async function startOnce({ client }: Lane, name: string): Promise<void> {
  try {
    await client.migrations.get(name).progress();
  } catch (error) {
    if (!hasCode(error, 'operation_not_found')) throw error;
    await client.migrations.start(name);
  }
}

async function orEnded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, 'operation_ended')) throw error;
  }
}
