import { setTimeout as wait } from 'node:timers/promises';
import { APP_NAME } from '../stage/stage';
import { type Check, recordsOf } from './outcome';
import type { Direct } from './read-outcome';

const TICK_MS = 2_000;
const NEXT_TICK_MS = 20_000;

/** The cron's schedule is as it was defined, and goes on. To be asked while the app is served. */
export async function scheduleIntact({ temporal, db }: Direct): Promise<string[]> {
  const { spec, state } = await temporal.schedule.getHandle(`${APP_NAME}/tick`).describe();
  const intervals = JSON.stringify(spec.intervals?.map(({ every }) => every));
  return [
    ...(intervals === `[${TICK_MS}]` ? [] : [`its intervals are ${intervals}`]),
    ...(state.paused ? [`it is paused: ${state.note}`] : []),
    ...(await goesOn(() => db.collection('Ticks').countDocuments({}))),
  ];
}

async function goesOn(count: () => Promise<number>): Promise<string[]> {
  const before = await count();
  for (const deadline = Date.now() + NEXT_TICK_MS; Date.now() < deadline; await wait(200))
    if ((await count()) > before) return [];
  return [`no run within ${NEXT_TICK_MS / 1000} s after everything else had ended`];
}

/** So that the number of its runs is no longer a moving one. */
export async function endSchedule({ temporal }: Direct): Promise<void> {
  await temporal.schedule.getHandle(`${APP_NAME}/tick`).delete();
}

/** A time of the cron has one run at most. Those that were asked for by hand have no time. */
export const noTimeTwice: Check = (outcome) => {
  const due = recordsOf(outcome, 'Ticks')
    .filter(({ _id }) => !_id.startsWith('tick-now-'))
    .map(({ v }) => Number(v['dueAt']));
  const twice = due.filter((time, i) => due.indexOf(time) !== i);
  return twice.map((time) => `${new Date(time).toISOString()} had two runs`);
};
