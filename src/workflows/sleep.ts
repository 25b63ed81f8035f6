import { sleep as temporalSleep } from '@temporalio/workflow';
import { type Duration, durationMs, formatDuration } from '../shared/duration';
import { step } from './step';

/** How the summary of a sleep's timer begins. */
export const SLEEP_SUMMARY = 'sleep ';

/**
 * Waits, for milliseconds or months; it costs nothing meanwhile and survives restarts of everything.
 * @throws {InvalidInputError} code `duration_invalid`
 * @example await sleep('3 days')
 */
export function sleep(duration: Duration): Promise<void> {
  const start = (): Promise<void> => {
    const ms = durationMs(duration, 'The duration of sleep');
    return temporalSleep(ms, { summary: SLEEP_SUMMARY + formatDuration(ms) });
  };
  return step('sleep', start, () => {});
}
