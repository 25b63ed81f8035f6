/** The code of the error with which an event ends before the server would end it. */
export const HISTORY_TOO_LONG = 'history_too_long';

const LONG = 10_000;
// The server ends a run at 51,200 entries or 50 MB. One task may still add some thousands, and some MB.
const FULL = 40_000;
const FULL_BYTES = 40_000_000;

/** What is to be said of a run's history. */
export function historyStateOf(events: number, bytes: number): 'fine' | 'long' | 'full' {
  if (events >= FULL || bytes >= FULL_BYTES) return 'full';
  return events >= LONG ? 'long' : 'fine';
}
