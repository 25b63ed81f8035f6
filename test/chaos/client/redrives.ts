import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from 'nightshift';
import { Cures } from '../app/app';
import type { Lane } from './lane';

const DOOMED_A_ROUND = 3;
const PAUSE_MS = 500;

/** Events that end in error, and are redriven when what they lacked is there. */
export async function redrives(lane: Lane): Promise<void> {
  const { client } = lane;
  for (let round = 0; lane.begins(round); round++) {
    const cure = `cure-${round}`;
    const ids = Array.from({ length: DOOMED_A_ROUND }, (_, i) => `doomed-${round}-${i}`);
    for (const id of ids)
      await lane.step(id, async () => void (await client.emit({ cure }, 'doomed', { id })));
    for (const id of ids) await lane.step(`error ${id}`, () => ended(lane, id));
    await lane.step(
      cure,
      async () => void (await client.DB.set({ since: new Date() }, cure, Cures)),
    );
    await lane.step(`redriven ${round}`, () => redriveAll(lane, ids));
  }
}

/** Waits for the end, which is an error: there is no cure yet. */
async function ended(lane: Lane, id: string): Promise<void> {
  try {
    await lane.client.events.get(id).result();
  } catch (error) {
    if (hasCode(error, 'handler_failed')) return;
    throw error;
  }
  lane.problem(`cured ${id}`, `${id} is done, though there was no cure yet`);
}

/** A server that is away ends a redriven event in error again: it is not tried twice. So until all are done. */
async function redriveAll({ client }: Lane, ids: readonly string[]): Promise<void> {
  for (;;) {
    try {
      await (await client.events.redrive({ handler: 'doomed', ids })).result();
    } catch (error) {
      if (!hasCode(error, 'redrive_running')) throw error;
      await client.events.redriving('doomed').result();
    }
    const ends = await Promise.all(
      ids.map((id) =>
        client.events
          .get(id)
          .result()
          .then(
            () => 'done',
            (error: unknown) => {
              if (hasCode(error, 'handler_failed')) return 'error';
              throw error;
            },
          ),
      ),
    );
    if (ends.every((end) => end === 'done')) return;
    await wait(PAUSE_MS);
  }
}
