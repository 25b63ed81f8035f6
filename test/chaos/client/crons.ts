import { setTimeout as wait } from 'node:timers/promises';
import type { Lane } from './lane';

/** Pauses a cron, lets it go on, and runs it by hand. */
export async function crons(lane: Lane): Promise<void> {
  const { client } = lane;
  for (let round = 0; lane.begins(round); round++) {
    await wait(2_000);
    await lane.step(`pause ${round}`, () => client.crons.pause('tick', { reason: `${round}` }));
    await lane.step(`now ${round}`, async () => (await client.crons.runNow('tick')).id);
    await wait(1_000);
    await lane.step(`resume ${round}`, () => client.crons.resume('tick'));
  }
}
