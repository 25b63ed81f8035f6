import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { ConfigError } from '../shared/errors';
import { endProcess, isAlive, isGone, startedAt, type ProcessMark } from './processes';

/** A server process as `servers.json` remembers it, so that the next start can end what was left over. */
export interface ServerRecord {
  readonly name: string;
  readonly child: ProcessMark;
  readonly guard: ProcessMark;
  readonly stopSignal: NodeJS.Signals;
}

interface ServersFile {
  readonly owner: ProcessMark;
  readonly servers: readonly ServerRecord[];
}

export interface StateClaim {
  /** Remembers a server that was just started. */
  record(server: ServerRecord): void;
  /** Gives the folder back; the servers must have ended. May be called again. */
  release(): void;
}

const GRACE_MS = 10_000;

/**
 * Takes the state folder for this process and ends what an earlier one left running in it.
 * The claim itself is `servers.json` naming a living owner, so it ends with the process even after `kill -9`; the lock
 * file only guards the moment of looking and taking.
 * @throws {ConfigError} code `servers_in_use` if another process has it.
 */
export async function claimState(stateDir: string): Promise<StateClaim> {
  mkdirSync(stateDir, { recursive: true });
  const release = await lockBriefly(stateDir);
  try {
    const file = join(stateDir, 'servers.json');
    const before = readServersFile(file);
    if (before !== undefined) {
      if (await isAlive(before.owner)) throw inUse(stateDir, before.owner.pid);
      await endLeftovers(before.servers);
    }
    return newClaim(file, { pid: process.pid, started: (await startedAt(process.pid)) ?? '' });
  } finally {
    await release().catch(() => {}); // found stale and taken over by somebody else
  }
}

function newClaim(file: string, owner: ProcessMark): StateClaim {
  let servers: readonly ServerRecord[] = [];
  let held = true;
  const write = (): void => {
    // Renamed into place: a reader never sees half a file.
    writeFileSync(`${file}.new`, JSON.stringify({ owner, servers } satisfies ServersFile, null, 2));
    renameSync(`${file}.new`, file);
  };
  write();
  return {
    record(server) {
      servers = [...servers, server];
      if (held) write();
    },
    release() {
      if (held) rmSync(file, { force: true });
      held = false;
    },
  };
}

async function endLeftovers(servers: readonly ServerRecord[]): Promise<void> {
  for (const { child, guard, stopSignal } of [...servers].reverse()) {
    // A living guard is already at it: it saw its owner go.
    if (await isAlive(guard)) await isGone(child, GRACE_MS + 2_000);
    await endProcess(child, { signal: stopSignal, graceMs: GRACE_MS });
    await endProcess(guard, { graceMs: 1_000 });
  }
}

function readServersFile(file: string): ServersFile | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<ServersFile>;
    if (content.owner === undefined) return undefined;
    return { owner: content.owner, servers: content.servers ?? [] };
  } catch {
    return undefined; // absent, or not ours
  }
}

async function lockBriefly(stateDir: string): Promise<() => Promise<void>> {
  try {
    return await lock(stateDir, {
      lockfilePath: join(stateDir, 'servers.lock'),
      realpath: false,
      // Ending leftovers may take a while; a stale lock is one whose holder was killed right in here.
      stale: 5_000,
      retries: { retries: 200, minTimeout: 50, maxTimeout: 200 },
      onCompromised: () => {},
    });
  } catch (cause) {
    throw new ConfigError('servers_in_use', `The state folder "${stateDir}" cannot be locked`, {
      cause,
      remedies: [
        'Wait for the other start to finish',
        `Check that "${stateDir}" can be written to`,
      ],
    });
  }
}

function inUse(stateDir: string, pid: number): ConfigError {
  return new ConfigError(
    'servers_in_use',
    `The development servers of "${stateDir}" are already running, started by process ${pid}`,
    {
      details: { pid, stateDir },
      remedies: [
        `End process ${pid} (Ctrl-C in its terminal, or: kill ${pid})`,
        'Use its servers: set TEMPORAL_ADDRESS and MONGODB_URI to the addresses it shows',
      ],
    },
  );
}
