import { CancellationScope, sleep } from '@temporalio/workflow';
import { bytesOf, isRoom, roomNeeded, TASK_END } from '../shared/room';
import { inspectValue, MAX_VALUE_BYTES } from '../shared/storable';

// With the 350 bytes that each step costs besides, 200 small results and one of the largest stay below Temporal's 4 MB.
const STEPS = 200;
const BYTES = MAX_VALUE_BYTES;

/** What this run has used of its present task; or of some tasks, as others may have begun for other reasons. */
interface Used {
  steps: number;
  bytes: number;
  next?: Promise<void>;
}

// Each run has its own global object, while modules are shared: see step.ts.
const USED: unique symbol = Symbol.for('nightshift.room') as never;
const run = globalThis as { [USED]?: Used };

/**
 * Calls a step when there is room for what it returns, which is at once for most. `call` is told how much it may
 * return, if that is much, and is called again if it needs more.
 * @param reserved bytes that it may well need: a step that reads much would be called twice each time
 */
export function withRoom<T>(call: (given?: number) => Promise<T>, reserved = 0): Promise<T> {
  const used = (run[USED] ??= { steps: 0, bytes: 0 });
  const first =
    used.steps < STEPS && fits(reserved, used)
      ? take(used, reserved, call)
      : whenRoom(reserved, call);
  return first.then((answer) => (isRoom(answer) ? again(answer, call) : answer));
}

/** The same for what is no step, e.g. the value of the handler; undefined where there is room. */
export function makeRoom(value: unknown): Promise<void> | undefined {
  const bytes = roomNeeded(value);
  const used = run[USED];
  return used === undefined || fits(bytes, used) ? undefined : nextTask(used);
}

/** What is large fits always where nothing else is. */
const fits = (bytes: number, used: Used): boolean =>
  bytes === 0 || used.bytes === 0 || used.bytes + bytes <= BYTES;

async function again<T>(needed: unknown, call: (given?: number) => Promise<T>): Promise<T> {
  let answer = needed;
  while (isRoom(answer)) answer = await whenRoom(bytesOf(answer), call);
  return answer as T;
}

async function whenRoom<T>(bytes: number, call: (given?: number) => Promise<T>): Promise<T> {
  for (;;) {
    const used = run[USED] as Used;
    if (used.steps < STEPS && fits(bytes, used)) return take(used, bytes, call);
    await nextTask(used);
  }
}

function take<T>(used: Used, bytes: number, call: (given?: number) => Promise<T>): Promise<T> {
  used.steps++;
  if (bytes === 0) return call();
  used.bytes += bytes;
  return call(bytes).then((answer) => {
    const unused = bytes - inspectValue(answer, 'the answer').maxBytes;
    if (unused > 0) used.bytes -= unused;
    return answer;
  });
}

/** A task ends when its steps have ended and nothing but a timer is left. */
function nextTask(used: Used): Promise<void> {
  return (used.next ??= CancellationScope.nonCancellable(async () => {
    await sleep(1, { summary: TASK_END });
    run[USED] = { steps: 0, bytes: 0 };
  }));
}
