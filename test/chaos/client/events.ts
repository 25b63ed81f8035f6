import { setTimeout as wait } from 'node:timers/promises';
import type { Lane } from './lane';

const ORDERS_A_ROUND = 4;
const MOST_DELAY_MS = 8_000;

/** Chains of events, begun one by one, and sometimes many at once. */
export async function orders(lane: Lane): Promise<void> {
  for (let round = 0; lane.begins(round); round++) {
    const numbers = Array.from({ length: ORDERS_A_ROUND }, (_, i) => round * ORDERS_A_ROUND + i);
    await Promise.all(
      numbers.map((n) =>
        lane.step(`order-${n}`, async () => {
          await lane.client.emit({ n }, 'order', { id: `order-${n}` });
        }),
      ),
    );
    await wait(400);
  }
}

/** Events that fail by themselves, that wait, that have no handler, and that no handler takes. */
export async function others(lane: Lane): Promise<void> {
  const emit = (id: string, event: unknown, handler: string, options = {}): Promise<void> =>
    lane.step(id, async () => {
      await lane.client.emit(event, handler, { id, ...options });
    });
  for (let round = 0; lane.begins(round); round++) {
    await emit(`flaky-${round}`, { failures: round % 3 }, 'flaky');
    const dueAt = new Date(
      await lane.step(`due ${round}`, async () => Date.now() + ((round * 997) % MOST_DELAY_MS)),
    );
    await emit(`later-${round}`, { dueAt }, 'later', { at: dueAt });
    await emit(`nobody-${round}`, { round }, 'nobody');
    await emit(`wrong-${round}`, { n: 'one' }, 'order');
    await wait(1_000);
  }
}
