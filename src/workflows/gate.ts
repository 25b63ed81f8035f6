import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { Admission } from '../activities/queue-activities';
import type { EventInfo } from '../definitions/worker';
import { GATE_SIGNAL } from '../shared/resume';
import { bookkeeping } from './local-activities';

export type Admitted = Extract<Admission, { answer: 'run' }>;
type Held = Extract<Admission, { answer: 'hold' }>;

/** True: whoever sent it takes the event off the list of those that wait, many at once. */
const resumeSignal = defineSignal<[listed?: boolean]>(GATE_SIGNAL);

/** Asks whether the event may run. */
export const askGate = ({ emittedAt }: EventInfo): Promise<Admission> =>
  bookkeeping['Queue::admit'](emittedAt.getTime());

/**
 * Resolves when the held event may run. Each signal makes it ask again, also one that came before it waited: whoever
 * sent it may have taken the event for a waiting one.
 */
export async function waitAtGate({ emittedAt }: EventInfo, { token }: Held): Promise<Admitted> {
  let signals = 0;
  let heard = 0;
  let leavesItself = false;
  setHandler(resumeSignal, (listed) => {
    signals++;
    if (listed !== true) leavesItself = true;
  });
  for (;;) {
    await waitOrLeave(() => signals > heard);
    heard = signals;
    const waited = leavesItself ? { token } : {};
    const admission = await bookkeeping['Queue::admit'](emittedAt.getTime(), waited);
    if (admission.answer === 'run') return admission;
    token = admission.token;
    leavesItself = false;
  }
}

/** An event that is cancelled while it is held must not stay on the list of those that wait. */
async function waitOrLeave(called: () => boolean): Promise<void> {
  try {
    await condition(called);
  } catch (error) {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(() => bookkeeping['Queue::leave']());
    throw error;
  }
}

/** Tells `told` of the gate's answer, if the gate is what the local activity asks: for interceptors. */
export function hearGate(
  activityType: string,
  asked: Promise<unknown>,
  told: (answer: Admission['answer']) => void,
): void {
  if (activityType !== 'Queue::admit') return;
  asked.then(
    (admission) => told((admission as Admission).answer),
    () => {}, // whoever asked hears of it
  );
}
