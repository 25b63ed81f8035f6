import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Timeline } from '../timeline';

export interface SupervisedOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** What it writes to stderr when it has begun its work. */
  readonly ready: string;
  /** Whether it ends with code 0 when its work is done. */
  readonly ends: boolean;
  readonly timeline: Timeline;
}

const AGAIN_MS = 500;

/** A Node process that is started again when it ends, as an operating system's supervisor does, until told otherwise. */
export class Supervised {
  private child: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();
  private isReady = false;
  private killed = false;
  private over = false;
  private downMs = AGAIN_MS;
  private readonly readiness: (() => void)[] = [];

  constructor(private readonly options: SupervisedOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** Resolves as soon as it runs, ready or not. */
  async pid(): Promise<number> {
    for (;;) {
      if (this.child?.pid !== undefined) return this.child.pid;
      await wait(20);
    }
  }

  start(): void {
    const { name, args, cwd, env, logFile, ready, timeline } = this.options;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', log, 'pipe'] });
    closeSync(log);
    this.child = child;
    this.isReady = false;
    this.killed = false;
    const errors = openSync(logFile, 'a');
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      writeSync(errors, data);
      if (this.isReady) return;
      said += data.toString();
      if (!said.includes(ready)) return;
      this.isReady = true;
      for (const tell of this.readiness.splice(0)) tell();
    });
    this.ended = once(child, 'close').then(async () => {
      closeSync(errors);
      this.child = undefined;
      if (this.over) return;
      const how = child.signalCode ?? `code ${child.exitCode}`;
      if (child.exitCode === 0 && this.options.ends) this.over = true;
      // While it starts, servers may be away: it says so and ends. Once it serves, it waits for them.
      else if (this.isReady && !this.killed) timeline.violation(`${name} ended by itself: ${how}`);
      if (this.over) return;
      await wait(this.downMs);
      this.downMs = AGAIN_MS;
      if (!this.isOver()) this.start();
    });
  }

  /** Resolves when it works. */
  ready(): Promise<void> {
    return this.isReady
      ? Promise.resolve()
      : new Promise((resolve) => this.readiness.push(resolve));
  }

  /** As the operating system does when memory is short; it is started again after `downMs`. */
  async kill(downMs: number): Promise<void> {
    await this.pid();
    this.killed = true;
    this.downMs = downMs;
    this.child?.kill('SIGKILL');
  }

  /** Resolves when it ended with code 0 of its own accord; false if it did not within `ms`. */
  async finished(ms: number): Promise<boolean> {
    const deadline = Date.now() + ms;
    while (Date.now() < deadline) {
      if (this.isOver() && this.child === undefined) return true;
      await wait(100);
    }
    return false;
  }

  /** Ends it with `signal`, for good. Gives its exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals): Promise<number | string | null> {
    this.over = true;
    const { child } = this;
    child?.kill(signal);
    await this.ended;
    return child === undefined ? 0 : (child.signalCode ?? child.exitCode);
  }

  private isOver(): boolean {
    return this.over;
  }
}
