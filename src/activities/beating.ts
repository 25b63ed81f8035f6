import { heartbeat } from '@temporalio/activity';

const BEAT_MS = 2_000;

/** Tells Temporal that the activity is alive while `work` is under way. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => heartbeat(), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
