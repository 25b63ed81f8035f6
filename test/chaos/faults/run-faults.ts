import { setTimeout as wait } from 'node:timers/promises';
import type { FaultKind, PlannedFault } from '../plan';
import type { Stage } from '../stage/stage';
import type { Timeline } from '../timeline';
import { diskFaults } from './disk';
import type { MakeFault } from './fault';
import { freezes } from './freeze';
import { kills } from './kill';
import { networkFaults } from './network';

const MAKE: Readonly<Record<FaultKind, MakeFault>> = {
  ...kills,
  ...freezes,
  ...networkFaults,
  ...diskFaults,
};

const AT_ONCE = 2;

/** Makes the faults in their order: two at once at most, and one at a time on one thing. Resolves when all are mended. */
export async function runFaults(
  plan: readonly PlannedFault[],
  stage: Stage,
  timeline: Timeline,
): Promise<void> {
  const busy = new Map<string, Promise<void>>();
  for (const planned of plan) {
    await wait(planned.afterMs);
    const fault = MAKE[planned.kind](planned, stage);
    while (busy.size >= AT_ONCE || busy.has(fault.on)) await Promise.race(busy.values());
    const label = `#${planned.n} ${fault.what}`;
    timeline.say(`${label} for ${(planned.lastsMs / 1000).toFixed(1)} s`);
    const note = await fault.begin();
    if (typeof note === 'string') timeline.say(`#${planned.n} ${note}`);
    const mended = wait(planned.lastsMs)
      .then(() => fault.end())
      .then(() => timeline.say(`${label}: over`))
      .catch((error: unknown) => timeline.violation(`${label} cannot be mended: ${String(error)}`))
      .finally(() => busy.delete(fault.on));
    busy.set(fault.on, mended);
  }
  await Promise.all(busy.values());
}
