import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A way to a server that can be cut, slowed down and silenced, as a network can. */
export interface Proxy {
  /** host:port */
  readonly address: string;
  /** Ends all connections, and takes no new ones until `mend`. */
  cut(): void;
  /** Each piece of data waits so many milliseconds, in both directions, until `mend`. */
  slow(delayMs: number): void;
  /** Connections stay, and new ones are taken, but nothing passes until `mend`: then all that waited does. */
  silence(): void;
  mend(): void;
  close(): void;
}

/** `target` is host:port. */
export async function proxyTo(target: string): Promise<Proxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  const way = new Way();
  const server = createServer((near) => {
    if (way.isCut) return near.destroy();
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay();
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    void carry(near, far, way);
    return void carry(far, near, way);
  });
  const cut = (): void => {
    way.isCut = true;
    for (const socket of open) socket.destroy();
  };
  const close = (): void => {
    cut();
    way.mend();
    server.close();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    slow: (delayMs) => void (way.delayMs = delayMs),
    silence: () => way.silence(),
    mend: () => way.mend(),
    close,
  };
}

/** What every connection of a proxy has to pass. */
class Way {
  isCut = false;
  delayMs = 0;
  private silent: Promise<void> | undefined;
  private speak = (): void => {};

  silence(): void {
    this.silent ??= new Promise((resolve) => (this.speak = resolve));
  }

  mend(): void {
    this.isCut = false;
    this.delayMs = 0;
    this.speak();
    this.silent = undefined;
  }

  async pass(): Promise<void> {
    if (this.delayMs > 0) await wait(this.delayMs);
    if (this.silent !== undefined) await this.silent;
  }
}

/** One piece after the other, so that none overtakes another when the delay changes. */
async function carry(from: Socket, to: Socket, way: Way): Promise<void> {
  try {
    for await (const data of from) {
      await way.pass();
      if (!to.write(data as Buffer)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
    to.end();
  } catch {
    to.destroy(); // the other side is gone
  }
}
