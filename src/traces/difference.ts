import type { RecordedStep } from '../shared/trace';
import { fromTagged } from '../shared/value-json';
import { GATE, isOurs } from './own-steps';
import type { ExpectedRun } from './saved-trace';
import { shownArgs, toPlainJson } from '../shared/shown-args';

/** What the present code did with a past run's answers. */
export interface ReplayedRun {
  readonly steps: readonly RecordedStep[];
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
  /** Why Temporal stopped the replay: the steps did not fit the history. */
  readonly stopped?: string;
}

const MAX_SHOWN = 500;

/** The first difference, both sides, for people; undefined if there is none. */
export function differenceOf(expected: ExpectedRun, replayed: ReplayedRun): string | undefined {
  const now = stepsOf(replayed);
  const count = Math.max(expected.steps.length, now.length);
  for (let i = 0; i < count; i++) {
    const [before, after] = [expected.steps[i], now[i]];
    if (before !== undefined && after !== undefined && isSame(before, after)) continue;
    // A run that stopped early for another reason is told below.
    if (after === undefined && replayed.stopped === undefined && !expected.ended) break;
    return `Step ${i + 1} differs:\n  then: ${textOf(before)}\n  now:  ${textOf(after)}`;
  }
  if (replayed.stopped !== undefined) return `It could not be replayed: ${replayed.stopped}`;
  if (!expected.ended) return undefined;
  const [before, after] = [endOf(expected), endOf(replayed)];
  if (before === after) return undefined;
  return `It ends otherwise:\n  then: ${cut(before)}\n  now:  ${cut(after)}`;
}

type Step = ExpectedRun['steps'][number];

/** The handler's own: those after the gate. */
function stepsOf({ steps }: ReplayedRun): Step[] {
  const gate = steps.findLastIndex(({ name }) => name === GATE);
  return steps
    .slice(gate + 1)
    .filter(({ name }) => !isOurs(name))
    .map(({ name, args }) => {
      const value = typeof args === 'string' ? fromTagged(JSON.parse(args)) : args;
      return { name, args: toPlainJson(shownArgs(value)) };
    });
}

function isSame(before: Step, after: Step): boolean {
  if (before.name !== after.name) return false;
  return before.args === undefined || JSON.stringify(before.args) === JSON.stringify(after.args);
}

function textOf(step: Step | undefined): string {
  if (step === undefined) return '(none)';
  const args = step.args === undefined ? '' : ` ${JSON.stringify(step.args)}`;
  return cut(`${step.name}${args}`);
}

function endOf({ value, error }: Pick<ReplayedRun, 'value' | 'error'>): string {
  return error === undefined
    ? `value ${JSON.stringify(toPlainJson(value)) ?? 'undefined'}`
    : `error ${error.type}: ${error.message}`;
}

const cut = (text: string): string =>
  text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
