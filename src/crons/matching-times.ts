import { randomUUID } from 'node:crypto';
import { type Client, ScheduleNotFoundError, type ScheduleSpec } from '@temporalio/client';
import { msToTs, requiredTsToDate } from '@temporalio/common/lib/time';

/**
 * The times of `spec` after `from` and up to `to`, at most 1,000, as Temporal counts them: it knows no question about times
 * but of a schedule, so one is made that never runs, and deleted.
 */
export async function matchingTimes(
  client: Client,
  spec: ScheduleSpec,
  from: Date,
  to: Date,
): Promise<Date[]> {
  const scheduleId = `${PROBE_PREFIX}${randomUUID()}`;
  const schedule = await client.schedule.create({
    scheduleId,
    spec,
    action: { type: 'startWorkflow', workflowType: PROBE_PREFIX, taskQueue: PROBE_PREFIX },
    // With no action left it does nothing; were this process to die now, Temporal would delete it after a week.
    state: { remainingActions: 0 },
  });
  try {
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: client.options.namespace,
      scheduleId,
      startTime: msToTs(from.getTime()),
      endTime: msToTs(to.getTime()),
    });
    return startTime.map((time) => requiredTsToDate(time, 'startTime'));
  } finally {
    await schedule.delete().catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
  }
}

/** No app's name has a dot, so no app takes such a schedule for its own. */
const PROBE_PREFIX = 'nightshift.times/';
