import { NotFoundError } from '../shared/errors';
import { type AnswerSource, MAX_STEPS, type RerunStep } from '../shared/rerun';
import { shownArgs, toPlainJson } from '../shared/shown-args';
import { fromTagged } from '../shared/value-json';
import { isEndless } from '../traces/replay-failure';
import type { PastRun } from './past-run';
import { MAX_TICKS, type SandboxRun } from './sandbox';

/** What the present code did. */
export interface NowRun {
  readonly steps: readonly NowStep[];
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
  readonly stopped?: string;
}

/** A step that the present code took, and what answered it. */
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
