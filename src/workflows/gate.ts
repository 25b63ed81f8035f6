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

type Admitted = Extract<Admission, { answer: 'run' }>;

/** True: whoever sent it takes the event off the list of those that wait, many at once. */
const resumeSignal = defineSignal<[listed?: boolean]>(GATE_SIGNAL);

/**
 * Resolves when the event may run. Each signal makes an event that waits ask again, also one that came before it
 * waited: whoever sent it may have taken the event for a waiting one. `onHold` is called when it begins to wait.
 */
export async function passGate(
  { handler, id, emittedAt }: EventInfo,
  onHold: () => void,
): Promise<Admitted> {
  let signals = 0;
  let heard = 0;
  let leavesItself = false;
  setHandler(resumeSignal, (listed) => {
    signals++;
    if (listed !== true) leavesItself = true;
  });
  let admission = await bookkeeping['Queue::admit'](handler, id, emittedAt);
  while (admission.answer === 'hold') {
    const { token } = admission;
    onHold();
    await waitOrLeave(id, () => signals > heard);
    heard = signals;
    const given = leavesItself ? token : undefined;
    leavesItself = false;
    admission = await bookkeeping['Queue::admit'](handler, id, emittedAt, given);
  }
  return admission;
}

/** An event that is cancelled while it is held must not stay on the list of those that wait. */
async function waitOrLeave(id: string, called: () => boolean): Promise<void> {
  try {
    await condition(called);
  } catch (error) {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(() => bookkeeping['Queue::leave'](id));
    throw error;
  }
}
