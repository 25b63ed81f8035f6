import { datastore, t } from 'nightshift';
import { connect, type NightshiftClient } from 'nightshift/client';
import { proxyTo } from '../support/proxy';
import { useApp } from '../support/test-app';

const app = useApp();
const Users = datastore('Users', { age: t.Int });

type Operation = readonly [name: string, run: (client: NightshiftClient) => Promise<unknown>];

async function first(records: AsyncIterable<unknown>): Promise<unknown> {
  for await (const record of records) return record;
  return undefined;
}

const OPERATIONS: readonly Operation[] = [
  ['DB.get', ({ DB }) => DB.get('paul', Users)],
  ['DB.set', ({ DB }) => DB.set({ age: 2 }, 'paul', Users)],
  ['DB.update', ({ DB }) => DB.update('paul', Users, ({ age }) => ({ age: age + 1 }))],
  ['DB.delete', ({ DB }) => DB.delete('paul', Users)],
  ['DB.query', ({ DB }) => DB.query(Users, (u) => u.age > 0)],
  ['DB.explain', ({ DB }) => DB.explain(Users, (u) => u.age > 0)],
  ['DB.scan', ({ DB }) => first(DB.scan(Users))],
  ['datastores.list', ({ datastores }) => datastores.list()],
  ['datastores.page', ({ datastores }) => datastores.page('Users')],
  ['flags.set', ({ flags }) => flags.set('new-mailer', true)],
  ['missing.list', ({ missing }) => missing.list()],
  ['queues.list', ({ queues }) => queues.list()],
];

/** Every operation, begun while the server is there or not, ends with what is wrong and what to do. */
async function expectUnavailable(client: NightshiftClient): Promise<void> {
  const ends = await Promise.all(
    OPERATIONS.map(async ([name, run]) => [name, await run(client).catch((e: unknown) => e)]),
  );
  for (const [name, end] of ends)
    expect([name, end]).toEqual([
      name,
      expect.objectContaining({
        code: 'mongodb_unavailable',
        message: expect.stringMatching(/^MongoDB does not answer, or has no primary: /) as string,
        remedies: [expect.stringContaining('MONGODB_URI') as string],
      }),
    ]);
}

test.each(['cut', 'silence'] as const)(
  'while MongoDB is away, by %s, every operation of the client says so and what to do',
  async (how) => {
    const { host } = new URL(process.env['MONGODB_URI'] ?? '');
    const proxy = await proxyTo(host);
    const times = 'serverSelectionTimeoutMS=500&heartbeatFrequencyMS=500&connectTimeoutMS=500';
    const uri = `mongodb://${proxy.address}/?directConnection=true&${times}`;
    const client = await connect({ name: app.name, mongodb: { uri } });
    try {
      await client.DB.set({ age: 1 }, 'paul', Users);
      proxy[how]();
      await expectUnavailable(client);
      await expectUnavailable(client); // also when it is known to be away
    } finally {
      proxy.close();
      await client.close();
    }
  },
);
