import { Runs } from './apps/queues';
import { useApp } from '../support/test-app';
import { untilIs } from '../support/until';

const BUSY = 2_000;
const FEW = 20;
const app = useApp('queues.ts');

test('a busy handler does not delay the events of another', async () => {
  const ran = (): Promise<number> => app.client.DB.count(Runs);
  for (let n = 0; n < BUSY; n += 100) {
    const some = Array.from({ length: 100 }, (_, i) => app.client.emit({ n: n + i }, 'mail'));
    await Promise.all(some);
  }
  const waitingBefore = BUSY - (await ran());
  const few = await Promise.all(
    Array.from({ length: FEW }, (_, n) => app.client.emit({ n }, 'other')),
  );
  await Promise.all(few.map((event) => event.result()));
  const waitingAfter = BUSY + FEW - (await ran());
  // In the order of emission, the few would come when none of the others waits any more.
  expect(waitingBefore).toBeGreaterThan(BUSY / 4);
  expect(waitingAfter).toBeGreaterThan(waitingBefore / 2);
  await untilIs(ran, BUSY + FEW, 90_000);
}, 120_000);
