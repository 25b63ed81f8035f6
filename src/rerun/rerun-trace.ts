import type { AppBundle } from '../app/bundle-app';
import { NotFoundError } from '../shared/errors';
import { workflowIdOf } from '../shared/ids';
import { MAX_STEPS, type AnswerSource, type RerunStep } from '../shared/rerun';
import { shownArgs, toPlainJson } from '../shared/shown-args';
import { fromTagged } from '../shared/value-json';
import type { SavedTrace } from '../traces/saved-trace';
import { differenceText, differs, type NowRun } from './compare';
import { type PastRun, pastRunOf } from './past-run';
import { createSandbox, isEndless, MAX_TICKS, type SandboxRun } from './sandbox';

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

export interface NowStep {
  /** One of Nightshift's own steps, one of the app's activities, or a sleep. */
  readonly kind: 'step' | 'activity' | 'timer';
  readonly name: string;
  /** Plain JSON, passwords hidden. */
  readonly args: unknown;
  readonly answer: AnswerSource;
  /** The position, from 1, of the past run's step that is the same. */
  readonly past?: number;
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

/** @throws {NotFoundError} code `handler_unknown` if the present app has no such handler */
export function nowRunOf({ handler }: PastRun, run: SandboxRun): NowRun {
  if (run.missing) {
    throw new NotFoundError('handler_unknown', `The present app has no handler "${handler}"`, {
      remedies: ['was it renamed, or is it no longer exported from the app module?'],
    });
  }
  const steps = run.steps.slice(0, MAX_STEPS).map(nowStepOf);
  const { end } = run;
  if (end === undefined) return { steps, stopped: whyStopped(run, steps) };
  return 'error' in end ? { steps, error: end.error } : { steps, ...valueOf(end.value) };
}

const valueOf = (value: unknown): { value?: unknown } =>
  value === undefined ? {} : { value: toPlainJson(value) };

function nowStepOf({ kind, name, args, source, past }: RerunStep): NowStep {
  const shown = typeof args === 'string' ? shownArgs(fromTagged(JSON.parse(args))) : args;
  const step = { kind, name, args: toPlainJson(shown), answer: source };
  return past === undefined ? step : { ...step, past: past + 1 };
}

function whyStopped(run: SandboxRun, steps: readonly NowStep[]): string {
  if (run.stopped !== undefined && isEndless(run.stopped))
    return 'It does not come to an end: is it an endless loop?';
  if (run.steps.length > MAX_STEPS)
    return `It takes more than ${MAX_STEPS} steps: is it an endless loop?`;
  if (run.sleeps) return `It sleeps more than ${MAX_TICKS} times: is it an endless loop?`;
  if (run.stopped !== undefined) return run.stopped;
  const waits = steps.filter(({ answer, kind }) => answer === 'none' && kind !== 'timer');
  if (waits.length === 0) return 'It waits for something that never comes';
  return `It waits for an answer that the past run does not have: ${waits.map(({ name }) => name).join(', ')}`;
}
