import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type RunningServers, startServers } from '../../../src/servers/start-servers';
import { silentProgress } from '../../../src/shared/progress';
import type { Timeline } from '../timeline';
import { type FolderMark, markOf, processesIn } from './processes';

export type ServerName = 'Temporal' | 'MongoDB';

export interface ServerOptions {
  readonly name: ServerName;
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeline: Timeline;
}

const START_TRIES = 3;

/** A server that can be killed, and is started again on the same data at the same address. */
export class Server {
  private running: RunningServers | undefined;
  private port = 0;
  private isDown = false;
  private expected = false;

  constructor(private readonly options: ServerOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { name, stateDir, timeline } = this.options;
    const isTemporal = name === 'Temporal';
    // The other one is said to be elsewhere: so each can be started by itself.
    const elsewhere = { [isTemporal ? 'MONGODB_URI' : 'TEMPORAL_ADDRESS']: 'elsewhere' };
    for (let tries = 1; ; tries++) {
      try {
        const running = await startServers({
          stateDir,
          env: { ...this.options.env, ...elsewhere },
          ports: isTemporal ? { temporal: this.port } : { mongodb: this.port },
          ui: false,
          progress: silentProgress,
        });
        this.running = running;
        this.isDown = false;
        this.expected = false;
        const address = isTemporal ? running.temporal.address : new URL(running.mongodb.uri).host;
        this.port = Number(address.split(':')[1]);
        void running.exited.then((exit) => {
          if (this.running !== running) return;
          this.isDown = true;
          if (!this.expected) timeline.say(`${exit.name} ended: ${exit.signal ?? exit.code}`);
        });
        return;
      } catch (error) {
        timeline.violation(`${name} cannot be started (try ${tries}): ${String(error)}`);
        if (tries >= START_TRIES) throw error;
        await wait(1_000);
      }
    }
  }

  /** All processes that it consists of. */
  pids(): number[] {
    const data = this.dataMark();
    const inData = data === undefined ? [] : processesIn(data).map(({ pid }) => pid);
    return [...new Set([...this.mainPids(), ...inData])];
  }

  /** The folder in which its processes work, if they do. */
  dataMark(): FolderMark | undefined {
    return markOf(join(this.options.stateDir, 'mongodb'));
  }

  /** Without a word to it. Processes that it started, as PostgreSQL does, have to see for themselves that it is gone. */
  kill(): void {
    this.expected = true;
    for (const pid of this.mainPids()) send(pid, 'SIGKILL');
  }

  /** Starts it again on the same data, whether it has ended or not. */
  async restart(): Promise<void> {
    await this.close();
    await this.start();
  }

  /** Starts it again if it has ended; says whether it had. */
  async ensure(): Promise<boolean> {
    if (!this.isDown) return false;
    await this.restart();
    return true;
  }

  async close(): Promise<void> {
    this.expected = true;
    await this.running?.close();
    this.running = undefined;
  }

  private mainPids(): number[] {
    const file = join(this.options.stateDir, 'servers.json');
    const { servers } = JSON.parse(readFileSync(file, 'utf8')) as {
      servers: { child: { pid: number } }[];
    };
    return servers.map(({ child }) => child.pid);
  }
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}
