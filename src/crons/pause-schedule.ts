import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { scheduleIdOf } from './schedule-of';

interface Deps {
  readonly client: Client;
  readonly app: string;
}

/** Stops the schedule of the cron of this name, with the user's reason as its note; does nothing for another handler. */
export async function pauseSchedule(cron: string, note: string, deps: Deps): Promise<void> {
  await ifCron(deps.client.schedule.getHandle(scheduleIdOf(deps.app, cron)).pause(note));
}

/** Lets the schedule of the cron of this name go on; does nothing for another handler. */
export async function unpauseSchedule(cron: string, note: string, deps: Deps): Promise<void> {
  await ifCron(deps.client.schedule.getHandle(scheduleIdOf(deps.app, cron)).unpause(note));
}

async function ifCron(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
