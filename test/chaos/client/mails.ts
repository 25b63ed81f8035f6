import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from 'nightshift';
import { Mails } from '../app/app';
import type { Lane } from './lane';

const MAILS_A_ROUND = 5;

/** Pauses a queue or blocks it, sees that nothing runs, and lets go what was held. */
export async function mails(lane: Lane): Promise<void> {
  const { client } = lane;
  for (let cycle = 0; lane.begins(cycle); cycle++) {
    const kind = cycle % 3 === 2 ? 'block' : 'pause';
    const reason = `cycle ${cycle}`;
    await lane.step(`${kind} ${cycle}`, async () => {
      await client.queues[kind]('mail', { reason, by: 'chaos' });
    });
    const ids = Array.from({ length: MAILS_A_ROUND }, (_, i) => `mail-${cycle}-${i}`);
    for (const id of ids)
      await lane.step(id, async () => void (await client.emit({ cycle }, 'mail', { id })));
    await wait(1_000 + ((cycle * 613) % 3_000));
    await lane.step(`look ${cycle}`, () => look(lane, cycle, `${kind} "${reason}"`));
    await lane.step(`undo ${cycle}`, () => undo(lane, kind, cycle));
    // Otherwise the next rule comes while they are let go.
    if (cycle % 2 === 0)
      for (const id of ids)
        await lane.step(`end ${id}`, async () => void (await client.events.get(id).result()));
  }
}

/** The rule was acknowledged before these events were emitted, and nobody took it off: it stands, and none has run. */
async function look(lane: Lane, cycle: number, rule: string): Promise<void> {
  const queue = await lane.client.queues.get('mail');
  const ran = await lane.client.DB.queryExactFields({ cycle }, Mails);
  const standing = queue.rules.map(({ kind, reason }) => `${kind} "${reason}"`).join(', ');
  if (standing !== rule)
    lane.problem(`rule ${cycle}`, `${rule} was acknowledged, there stands: ${standing || 'none'}`);
  if (ran.length > 0)
    lane.problem(`ran ${cycle}`, `${ran.length} events ran after ${rule} was acknowledged`);
}

/** Takes the rule off. The last client may have done so already: then there is nothing to take off. */
async function undo({ client }: Lane, kind: 'pause' | 'block', cycle: number): Promise<void> {
  try {
    if (kind === 'block') await client.queues.unblock('mail');
    else await client.queues.resume('mail', cycle % 2 === 0 ? {} : { rate: 5 });
  } catch (error) {
    if (!hasCode(error, kind === 'block' ? 'not_blocked' : 'not_paused')) throw error;
  }
}
