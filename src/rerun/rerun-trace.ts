import type { AppBundle } from '../app/bundle-app';
import { workflowIdOf } from '../shared/ids';
import type { SavedTrace } from '../traces/saved-trace';
import { differenceText, differs } from './compare';
import { nowRunOf, type NowStep } from './now-run';
import { type PastRun, pastRunOf } from './past-run';
import { createSandbox, type SandboxRun } from './sandbox';

/** What the present code did with a past run's answers, and how that differs. */
export interface Rerun {
  readonly id: string;
  readonly handler: string;
  /** The attempt that was made again: the event's last. */
  readonly attempt: number;
  /** What the present code did, in its order. */
  readonly steps: readonly NowStep[];
  /** What the handler returned, as plain JSON. */
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
  /** Why it came to no end. */
  readonly stopped?: string;
  /** Steps that the past run did not take, so that it has no answer for them. */
  readonly unanswered: readonly NowStep[];
  /** Steps of the past run that the present code did not take. */
  readonly unused: readonly { readonly name: string; readonly args?: unknown }[];
  /** For people, past run and present side by side; absent if nothing differs. */
  readonly difference?: string;
}

/** Makes the last attempt of a saved trace again, answered from that trace by what steps say. */
export async function rerunTrace(trace: SavedTrace, bundle: AppBundle): Promise<Rerun> {
  const past = pastRunOf(trace);
  const sandbox = createSandbox(bundle);
  try {
    const run = await sandbox.run(past.history, workflowIdOf(trace.app, trace.id), {
      startedAt: past.startedAt,
      flags: past.flags,
      answers: past.steps.map(({ args: _args, ...answer }) => answer),
      given: [],
      known: [...past.known],
      readsWait: false,
    });
    return resultOf(past, run);
  } finally {
    await sandbox.close();
  }
}

function resultOf(past: PastRun, run: SandboxRun): Rerun {
  const now = nowRunOf(past, run);
  const { id, handler, attempt } = past;
  const used = new Set(now.steps.map((step) => step.past));
  const unused = past.steps.filter((_step, i) => !used.has(i + 1));
  const difference = differs(past, now)
    ? `${handler} does not do as it did in attempt ${attempt} of event ${id}.\n${differenceText(past, now)}`
    : undefined;
  return {
    ...{ id, handler, attempt, ...now },
    unanswered: now.steps.filter((step) => step.past === undefined && step.kind !== 'timer'),
    unused: unused.map(({ name, args }) => (args === undefined ? { name } : { name, args })),
    ...(difference === undefined ? {} : { difference }),
  };
}
