import { useApp } from '../support/test-app';
import { until } from '../support/until';

const BUSY = 2_000;
const FEW = 20;
const LEEWAY_MS = 2_000;
const app = useApp('queues.ts');

// The rule is a comparison within one run: how long the few take by themselves, on this machine and now.
test('a busy handler does not delay the events of another', async () => {
  const emitFew = async (handler: string): Promise<number> => {
    const began = performance.now();
    const events = await Promise.all(
      Array.from({ length: FEW }, (_, n) => app.client.emit({ n }, handler)),
    );
    await Promise.all(events.map((event) => event.result()));
    return performance.now() - began;
  };
  const alone = await emitFew('third');

  for (let n = 0; n < BUSY; n += 100) {
    const some = Array.from({ length: 100 }, (_, i) => app.client.emit({ n: n + i }, 'mail'));
    await Promise.all(some);
  }
  const besides = await emitFew('other');
  const { done } = await app.client.events.count({ handler: 'mail' });
  expect(done).toBeLessThan(BUSY); // the busy one was still at it
  expect(besides).toBeLessThan(alone + LEEWAY_MS);
  await until(
    () => app.client.events.count({ handler: 'mail' }),
    (counts) => counts.done === BUSY,
    90_000,
  );
}, 120_000);
