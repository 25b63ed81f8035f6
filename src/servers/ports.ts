import { connect, createServer, type AddressInfo } from 'node:net';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { ConfigError, messageOf } from '../shared/errors';
import { parseStat } from './processes';

export const LOOPBACK = '127.0.0.1';

export interface PortUse {
  /** What it is for, e.g. `'Temporal'`. */
  readonly purpose: string;
  /** How to choose another, e.g. `'--temporal-port'`. */
  readonly flag: string;
  /** The variable that names a server to use instead, if there is one. */
  readonly variable?: string;
}

/**
 * The port to use: a free one for 0, else `port` itself.
 * @throws {ConfigError} code `port_in_use` if something listens there already.
 */
export async function choosePort(port: number, use: PortUse): Promise<number> {
  if (port !== 0 && (await isListening(port))) throw await inUse(port, use);
  try {
    return await listenOnce(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw await inUse(port, use);
    throw new ConfigError('port_in_use', `Cannot listen on port ${port}: ${messageOf(error)}`, {
      cause: error,
      remedies: [`Choose another port with ${use.flag}`],
    });
  }
}

/** True if a connection to the loopback port is accepted. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    const finish = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}

async function inUse(port: number, use: PortUse): Promise<ConfigError> {
  const owner = await portOwner(port);
  const by = owner === undefined ? 'another process' : `process ${owner.pid} (${owner.name})`;
  const end = owner === undefined ? 'End that process' : `End it: kill ${owner.pid}`;
  const instead = use.variable === undefined ? [] : [`Use what runs there: set ${use.variable}`];
  return new ConfigError(
    'port_in_use',
    `Port ${port}, meant for ${use.purpose}, is in use by ${by}`,
    {
      details: { port, ...owner },
      remedies: [end, ...instead, `Choose another port with ${use.flag}`],
    },
  );
}

/** Who listens on the port, as far as /proc shows it to this user. */
async function portOwner(port: number): Promise<{ pid: number; name: string } | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((f) => readFile(f, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const entry of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(entry) || !(await holdsSocket(entry, inodes))) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    return { pid: Number(entry), name: parseStat(stat).name };
  }
  return undefined;
}

/** The socket inodes that listen on `port`, from the text of `/proc/net/tcp`. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === '0A')
    .map((fields) => fields[9] ?? '');
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${fd}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
