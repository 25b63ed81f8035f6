import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connectMongodb } from '../../src/connections/mongodb';

interface Insides {
  readonly topology: {
    readonly s: {
      readonly servers: ReadonlyMap<
        string,
        { readonly monitor: { readonly connection?: { readonly socket: Socket } | null } }
      >;
    };
  };
}

// Without help the driver waits until the closed socket has room for its request: for ever.
test("a connection that is closed at the moment of the driver's check does not keep it from checking again", async () => {
  const uri = new URL(process.env['MONGODB_URI'] ?? '');
  uri.searchParams.set('heartbeatFrequencyMS', '500');
  const mongodb = await connectMongodb(uri.href, 'stuck-checks');
  const { client, db } = mongodb;
  try {
    const [server] = (client as unknown as Insides).topology.s.servers.values();
    while (server?.monitor.connection == null) await once(client, 'serverHeartbeatSucceeded');
    client.once('serverHeartbeatStarted', () => server.monitor.connection?.socket.destroy());
    await once(client, 'serverHeartbeatFailed');
    await once(client, 'serverHeartbeatSucceeded');
    expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  } finally {
    await mongodb.close();
  }
}, 30_000);
