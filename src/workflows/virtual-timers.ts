import { CancellationScope } from '@temporalio/workflow';
import type { VirtualClock } from './virtual-clock';

interface Timer {
  readonly due: number;
  readonly end: () => void;
}

/** Sleeps that take no time: the one that is due first ends when nothing else can go on, and the clock is set to it. */
export class VirtualTimers {
  readonly #open = new Set<Timer>();

  constructor(private readonly clock: VirtualClock) {}

  until(due: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer: Timer = { due, end: resolve };
      this.#open.add(timer);
      CancellationScope.current().cancelRequested.catch((error: Error) => {
        this.#open.delete(timer);
        reject(error);
      });
    });
  }

  hasOneBefore(time: number): boolean {
    return [...this.#open].some(({ due }) => due < time);
  }

  /** Says whether there was one. */
  fireNext(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#open) if (next === undefined || timer.due < next.due) next = timer;
    if (next === undefined) return false;
    this.#open.delete(next);
    this.clock.advanceTo(next.due);
    next.end();
    return true;
  }
}
