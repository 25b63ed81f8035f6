import { connect, type NightshiftClient } from 'nightshift/client';
import { proxyTo } from '../support/proxy';
import { useApp } from '../support/test-app';

const app = useApp('queues.ts');

type Operation = readonly [name: string, run: (client: NightshiftClient) => Promise<unknown>];

const OPERATIONS: readonly Operation[] = [
  ['emit', (client) => client.emit({ n: 1 }, 'mail')],
  ['emitMany', (client) => client.emitMany([{ n: 1 }, { n: 2 }], 'mail')],
  ['events.list', ({ events }) => events.list()],
  ['events.count', ({ events }) => events.count()],
  ['EventHandle.status', ({ events }) => events.get('there').status()],
  ['EventHandle.result', ({ events }) => events.get('there').result()],
  ['EventHandle.cancel', ({ events }) => events.get('there').cancel()],
  ['traces.list', ({ traces }) => traces.list('mail')],
  ['traces.get', ({ traces }) => traces.get('there')],
  ['queues.list', ({ queues }) => queues.list()],
  ['failures.list', ({ failures }) => failures.list()],
];

const endsOf = (client: NightshiftClient): Promise<[string, unknown][]> =>
  Promise.all(
    OPERATIONS.map(async ([name, run]) => [name, await run(client).catch((e: unknown) => e)]),
  );

/** A client of its own, whose way to Temporal can be cut. */
async function connectByProxy(): Promise<{
  client: NightshiftClient;
  proxy: Awaited<ReturnType<typeof proxyTo>>;
}> {
  const proxy = await proxyTo(process.env['TEMPORAL_ADDRESS'] ?? '');
  const client = await connect({ name: app.name, temporal: { address: proxy.address } });
  return { client, proxy };
}

test('while Temporal is away, every operation of the client says so and what to do', async () => {
  await (await app.client.emit({ n: 0 }, 'mail', { id: 'there' })).result();
  const { client, proxy } = await connectByProxy();
  try {
    proxy.cut();
    for (const [name, end] of await endsOf(client))
      expect([name, end]).toEqual([
        name,
        expect.objectContaining({
          code: 'temporal_unreachable',
          message: expect.stringContaining(`Temporal does not answer at ${proxy.address}: `),
          remedies: expect.arrayContaining([expect.any(String)]),
        }),
      ]);
    proxy.mend();
    expect(await client.events.get('there').result()).toBe(0);
  } finally {
    proxy.close();
    await client.close();
  }
}, 120_000);

test('a client that was closed says so', async () => {
  const { client, proxy } = await connectByProxy();
  await client.close();
  await client.close();
  proxy.close();
  const wrong = [
    ...(await endsOf(client)),
    ['flags.list', await client.flags.list().catch((e: unknown) => e)],
  ];
  for (const [name, end] of wrong)
    expect([name, end]).toEqual([
      name,
      expect.objectContaining({ code: 'usage', message: 'The client was closed' }),
    ]);
});
