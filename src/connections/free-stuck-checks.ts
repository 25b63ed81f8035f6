import type { EventEmitter } from 'node:events';
import { type MongoClient, MongoNetworkError } from 'mongodb';

/**
 * The driver (7.9) may wait for ever for the end of its own check of a server: when the connection is closed between
 * the check's request and the moment at which the driver begins to listen for the answer; or just before the request, as
 * it then waits for the closed socket to have room. Until the check ends, it takes the server for gone, and every
 * operation fails. So whoever waits on a closed connection is told.
 */
export function freeStuckChecks(client: MongoClient): void {
  const running = new Map<string, NodeJS.Timeout>();
  const ended = ({ connectionId }: { readonly connectionId: string }): void => {
    clearInterval(running.get(connectionId));
    running.delete(connectionId);
  };
  client.on('serverHeartbeatStarted', (check) => {
    ended(check);
    const { connectionId } = check;
    const timer = setInterval(() => free(client, connectionId), EVERY_MS);
    running.set(connectionId, timer.unref());
  });
  client.on('serverHeartbeatSucceeded', ended);
  client.on('serverHeartbeatFailed', ended);
  client.on('serverClosed', ({ address }) => ended({ connectionId: address }));
}

const EVERY_MS = 1_000;

/** What of the driver's insides is needed; should another version have others, nothing is done. */
interface Insides {
  readonly topology?: { readonly s?: { readonly servers?: ReadonlyMap<string, Server> } };
}

interface Server {
  readonly monitor?: { readonly connection?: Connection | null };
}

interface Connection {
  readonly closed?: boolean;
  readonly dataEvents?: { throw(error: Error): Promise<unknown> } | null;
  readonly socket?: EventEmitter;
}

function free(client: MongoClient, address: string): void {
  const server = (client as unknown as Insides).topology?.s?.servers?.get(address);
  const { closed, dataEvents, socket } = server?.monitor?.connection ?? {};
  if (closed !== true) return;
  const error = new MongoNetworkError(`The connection to ${address} was closed`);
  if (dataEvents != null) void dataEvents.throw(error);
  // An error that nobody listens for would end the process.
  else if (socket !== undefined && socket.listenerCount('error') > 0) socket.emit('error', error);
}
