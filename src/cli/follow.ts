import { setTimeout as wait } from 'node:timers/promises';
import type { NightshiftClient, Operation } from '../../client';
import type { Io } from './io';
import { createProgress } from './progress';

const EVERY_MS = 250;

interface Shown {
  readonly state: string;
  readonly endedAt?: Date;
}

export interface FollowOptions<P> {
  readonly title: string;
  readonly shows: (progress: P) => { readonly fraction: number | undefined; readonly note: string };
  /** The command that shows it again. */
  readonly again: string;
}

/** Draws an operation's progress until its end; Ctrl-C ends the drawing only. */
export async function follow<P extends Shown>(
  operation: Operation<P>,
  { title, shows, again }: FollowOptions<P>,
  io: Io,
): Promise<P> {
  const bars = createProgress(io);
  const bar = bars.task(title);
  try {
    for (;;) {
      const progress = await operation.progress();
      const { fraction, note } = shows(progress);
      if (progress.endedAt !== undefined) {
        if (progress.state === 'done') bar.done(note);
        else bar.failed(`${note}, ${progress.state}`);
        return progress;
      }
      bar.update(fraction, note);
      await wait(EVERY_MS, undefined, { signal: io.signal });
    }
  } catch (error) {
    if (io.signal.aborted) {
      bars.stop();
      io.err(`it goes on; to see it again: ${again}`);
    }
    throw error;
  } finally {
    bars.stop();
  }
}

/** Operations are done by worker processes: without one, nothing moves. */
export async function tellIfNobodyServes(client: NightshiftClient, io: Io): Promise<void> {
  if ((await client.health()).processes.length === 0)
    io.err('no worker process serves the app: this goes on as soon as one does');
}

/** `6,140 of 10,000, 812/s`. */
export function pace(done: number, total: number, rate: number): string {
  const count = (n: number): string => n.toLocaleString('en');
  return `${count(done)} of ${count(total)}, ${count(rate)}/s`;
}
