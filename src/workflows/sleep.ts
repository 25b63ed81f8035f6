import { sleep as temporalSleep } from '@temporalio/workflow';
import { type Duration, durationMs, formatDuration } from '../shared/duration';
import { step } from './step';

/**
 * Waits, for milliseconds or months; it costs nothing meanwhile and survives restarts of everything.
 * @throws {InvalidInputError} code `duration_invalid`
 * @example await sleep('3 days')
 */
export function sleep(duration: Duration): Promise<void> {
  return step('sleep', async () => {
    const ms = durationMs(duration, 'The duration of sleep');
    await temporalSleep(ms, { summary: `sleep ${formatDuration(ms)}` });
  });
}
