import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, as a network can. */
export interface Proxy {
  /** host:port */
  readonly address: string;
  /** Ends all connections, and takes no new ones until `mend`. */
  cut(): void;
  /** Keeps all connections, and lets nothing pass for ever: what is sent from then on is lost. */
  freeze(): void;
  mend(): void;
  close(): void;
}

/** `target` is host:port. */
export async function proxyTo(target: string): Promise<Proxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  let isCut = false;
  let isFrozen = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    if (isFrozen) freeze();
    else near.pipe(far).pipe(near);
  });
  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  const freeze = (): void => {
    isFrozen = true;
    for (const socket of open) socket.unpipe().pause();
  };
  const close = (): void => {
    cut();
    server.close();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, cut, freeze, mend: () => void (isCut = false), close };
}
