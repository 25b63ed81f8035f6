import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { NightshiftClient } from 'nightshift/client';
import type { Journal } from './journal';

/**
 * One of several things that the client does side by side. Each step is done until it is acknowledged, and noted then; a
 * client that is started after the end of another finds the notes, and goes on with the first step that has none. So a
 * step that was acknowledged just before the end is done twice: each must allow for that, as any client's must.
 */
export class Lane {
  constructor(
    readonly name: string,
    readonly client: NightshiftClient,
    private readonly journal: Journal,
    /** The file that is there when no new round is to begin. */
    private readonly stopFile: string,
  ) {}

  /** Tries `work` until it succeeds. What it gives must survive as JSON. */
  async step<T>(key: string, work: () => Promise<T>): Promise<T> {
    const noted = this.journal.find(this.name, key);
    if (noted !== undefined) return noted.value as T;
    for (let tries = 0; ; tries++) {
      try {
        const value = await work();
        this.journal.write({ lane: this.name, key, value });
        return value;
      } catch (error) {
        if (tries % 20 === 19) this.complain(`${key}, try ${tries + 1}: ${String(error)}`);
        await wait(RETRY_MS);
      }
    }
  }

  /** Whether round `n` is to be: it has begun already, or nobody has said stop. */
  begins(n: number): boolean {
    const key = `round ${n}`;
    if (this.journal.find(this.name, key) !== undefined) return true;
    if (existsSync(this.stopFile)) return false;
    this.journal.write({ lane: this.name, key });
    return true;
  }

  /** Notes what must not be. */
  problem(key: string, problem: string): void {
    this.journal.write({ lane: this.name, key: `problem ${key}`, problem });
  }

  private complain(text: string): void {
    process.stderr.write(`${new Date().toISOString()} ${this.name}: ${text}\n`);
  }
}

const RETRY_MS = 200;
