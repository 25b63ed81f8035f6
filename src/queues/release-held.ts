import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { workflowIdOf } from '../shared/ids';
import { GATE_SIGNAL, type Released } from '../shared/resume';
import { ALL_QUEUES, type Rule } from '../shared/rules';
import type { Held, HeldEvent, HeldOf } from './held';
import { pacedEach } from './paced';
import type { Rules } from './rules';

export interface ReleaseDeps {
  readonly client: Client;
  readonly app: string;
  readonly held: Held;
  readonly rules: Rules;
}

export interface ReleaseOptions {
  readonly limit: number;
  /** Events a second. Default: as fast as it goes. */
  readonly rate?: number;
  /** Waits so long, or rejects to stop. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Lets the oldest held events of a queue go, unless a rule stands. */
export async function releaseHeld(
  queue: string,
  { limit, rate, wait }: ReleaseOptions,
  deps: ReleaseDeps,
): Promise<Released> {
  const { held, rules } = deps;
  const [rule] = (await rules.readGate(queue)).rules;
  if (rule !== undefined)
    return {
      released: 0,
      left: await held.count(await heldOf(queue, rules)),
      heldBy: inWords(rule),
    };
  const of = await heldOf(queue, rules);
  const events = await held.oldest(of, limit);
  const signalled: HeldEvent[] = [];
  try {
    await pacedEach(events, { rate, wait }, async (event) => {
      await signal(event.id, deps, true);
      signalled.push(event);
    });
  } finally {
    // After their signal, and only as they were seen: an event that was held anew meanwhile stays on the list.
    await held.removeAll(signalled);
  }
  return { released: events.length, left: await held.count(of) };
}

/** All queues means those without a rule of their own. */
export async function heldOf(queue: string, rules: Rules): Promise<HeldOf> {
  if (queue !== ALL_QUEUES) return queue;
  const ruled = (await rules.list()).filter((standing) => standing.rules.length > 0);
  return { allBut: ruled.map(({ name }) => name) };
}

/** Makes the event ask its gate; `listed`: the caller takes it off the list of those that wait. One that ended meanwhile, cancelled or by hand, needs none. */
export async function signal(
  id: string,
  { client, app }: ReleaseDeps,
  listed = false,
): Promise<void> {
  try {
    await client.workflow.getHandle(workflowIdOf(app, id)).signal(GATE_SIGNAL, listed);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** `paused by ops: deploy`. */
function inWords({ kind, on, reason, by }: Rule): string {
  const what = `${on === ALL_QUEUES ? 'all queues ' : ''}${kind === 'pause' ? 'paused' : 'blocked'}`;
  return `${what}${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`;
}
