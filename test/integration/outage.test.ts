import type { EventHandle } from 'nightshift/client';
import { createWorker } from 'nightshift/worker';
import { proxyTo } from '../support/proxy';
import { appPath, useApp } from '../support/test-app';
import { until } from '../support/until';
import { Runs } from './apps/queues';

const app = useApp();

test('while MongoDB is away events wait at their gate or for their retry, and none is lost', async () => {
  const { host, searchParams } = new URL(process.env['MONGODB_URI'] ?? '');
  const proxy = await proxyTo(host);
  const uri = `mongodb://${proxy.address}/?directConnection=true&${searchParams.toString()}`;
  const worker = await createWorker({
    ...{ name: app.name, app: appPath('queues.ts'), schedules: false, retryDelay: '4s' },
    mongodb: { uri },
  });
  const running = worker.run();
  try {
    const events: EventHandle[] = [];
    const emitSome = async (handler: string): Promise<void> => {
      for (let i = 0; i < 10; i++)
        events.push(await app.client.emit({ n: events.length }, handler));
    };
    const ran = (): Promise<number> => app.client.DB.count(Runs);
    await emitSome('mail');
    await until(ran, (count) => count > 0);
    proxy.cut(); // some of the first are in the middle of their step, the others come to a closed gate
    await emitSome('mail');
    await emitSome('nobody');
    await until(
      () => app.client.events.count(),
      ({ locked, done }) => locked + done >= 20,
    );
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const during = await ran();
    expect(during).toBeLessThan(20);
    proxy.mend();
    const ends = await Promise.all(
      events.map((event) => event.result().catch(({ code }: { code: string }) => code)),
    );
    expect(ends).toEqual(events.map((_, n) => (n < 20 ? n : 'missing')));
    const numbers = (await app.client.DB.getAll(Runs)).map(({ n }) => n).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const described = await Promise.all(events.map((event) => event.describe()));
    for (const { errors } of described)
      for (const { message } of errors)
        expect(message).toMatch(
          /^mongodb_unavailable: MongoDB does not answer, or has no primary: /,
        );
    const [missing] = await app.client.missing.list();
    expect(missing).toMatchObject({ name: 'nobody', count: 10 });
  } finally {
    proxy.mend();
    await worker.shutdown();
    await running;
    proxy.close();
  }
}, 120_000);
