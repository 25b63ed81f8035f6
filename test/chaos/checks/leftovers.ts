import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type FolderMark, type FoundProcess, processesIn, processesOf } from '../stage/processes';

const GRACE_MS = 5_000;

export interface Place {
  /** Everything of the run lies below it. */
  readonly folder: string;
  /** Where processes of servers worked that tell no more where they come from. */
  readonly data: FolderMark | undefined;
  readonly ports: readonly number[];
}

/** Compiled sources, which jiti keeps for the next start. */
const CACHE = 'jiti';

/** Processes, ports, mounts and files of a run that is closed: there must be none but its data and logs. */
export async function leftovers(place: Place): Promise<string[]> {
  const { folder, ports } = place;
  // The operating system takes a moment to clear away what has ended.
  const deadline = Date.now() + GRACE_MS;
  while (livingOf(place).length > 0 && Date.now() < deadline) await wait(100);
  const listening = await Promise.all(
    ports.map(async (port) => ((await isOpen(port)) ? [port] : [])),
  );
  const files = [
    ...readdirSync(join(folder, 'tmp'))
      .filter((file) => file !== CACHE)
      .map((file) => join('tmp', file)),
    ...['temporal', 'mongodb']
      .flatMap((server) => ['servers.json', 'servers.lock'].map((file) => join(server, file)))
      .filter((file) => existsSync(join(folder, file))),
  ];
  return [
    ...livingOf(place).map(({ pid, command }) => `process ${pid} still runs: ${command}`),
    ...listening.flat().map((port) => `port ${port} is still open`),
    ...mounts()
      .filter((path) => path.startsWith(folder))
      .map((path) => `${path} is mounted`),
    ...files.map((file) => `${file} was left`),
  ];
}

const livingOf = ({ folder, data }: Place): FoundProcess[] => [
  ...processesOf(folder),
  ...(data === undefined ? [] : processesIn(data)),
];

function mounts(): string[] {
  if (!existsSync('/proc/mounts')) return [];
  const lines = readFileSync('/proc/mounts', 'utf8').split('\n');
  return lines.map((line) => line.split(' ')[1] ?? '');
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
