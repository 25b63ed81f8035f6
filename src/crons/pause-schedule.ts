import { type Client, type ScheduleHandle, ScheduleNotFoundError } from '@temporalio/client';
import { isQueueNote, type PauseOptions, toQueueNote } from './pause-note';
import { scheduleIdOf } from './schedule-of';

interface Deps {
  readonly client: Client;
  readonly app: string;
  readonly now: () => number;
}

/** Stops the schedule of the cron of this name, because of a rule on its queue; does nothing for another handler. */
export async function pauseSchedule(cron: string, note: PauseOptions, deps: Deps): Promise<void> {
  await ifCron(cron, deps, async (schedule, isPausedItself) => {
    if (!isPausedItself) await schedule.pause(toQueueNote(note, new Date(deps.now())));
  });
}

/** Lets the schedule go on that `pauseSchedule` stopped: one that was paused as a cron stays so. */
export async function unpauseSchedule(
  cron: string,
  note: string,
  deps: Omit<Deps, 'now'>,
): Promise<void> {
  await ifCron(cron, deps, async (schedule, isPausedItself) => {
    if (!isPausedItself) await schedule.unpause(note);
  });
}

async function ifCron(
  cron: string,
  { client, app }: Omit<Deps, 'now'>,
  change: (schedule: ScheduleHandle, isPausedItself: boolean) => Promise<void>,
): Promise<void> {
  try {
    const schedule = client.schedule.getHandle(scheduleIdOf(app, cron));
    const { paused, note } = (await schedule.describe()).state;
    await change(schedule, paused && !isQueueNote(note));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
