import { comparable } from '../shared/step-content';
import type { NowRun, NowStep } from './now-run';
import type { PastRun, PastStep } from './past-run';

/** One line of a comparison. */
export interface ComparedLine {
  /** `same`: then and now; `gone`: then only; `new`: now only. */
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

const MAX_SHOWN = 500;
const SIGNS = { same: ' ', gone: '-', new: '+' } as const;

export function differs(past: PastRun, now: NowRun): boolean {
  return comparedRuns(past, now).some(({ kind }) => kind !== 'same');
}

/** As `diff` writes it: `-` was then, `+` is now. */
export function differenceText(past: PastRun, now: NowRun): string {
  return comparedRuns(past, now)
    .map(({ kind, text }) => `  ${SIGNS[kind]} ${text}`)
    .join('\n');
}

const all = (): boolean => true;

/** Past and present steps in one list, each past one in its place, and the end. Where a step stands does not count. */
export function comparedRuns(
  past: PastRun,
  now: NowRun,
  counts: (step: string) => boolean = all,
): ComparedLine[] {
  return [...comparedSteps(past, now, counts), ...comparedEnds(past, now)];
}

function comparedSteps(
  past: PastRun,
  now: NowRun,
  counts: (step: string) => boolean,
): ComparedLine[] {
  const lines: ComparedLine[] = [];
  const used = new Set(now.steps.map((step) => step.past));
  let shown = 0;
  const goneUntil = (position: number): void => {
    for (; shown < position; shown++) {
      const step = past.steps[shown];
      if (step !== undefined && !used.has(shown + 1) && counts(step.name))
        lines.push({ kind: 'gone', text: textOf(step) });
    }
  };
  // What is gone stands before what is new in its place, as `diff` has it.
  const ahead = nextPast(now.steps);
  now.steps.forEach((step, i) => {
    goneUntil((ahead[i] ?? past.steps.length + 1) - 1);
    if (counts(step.name))
      lines.push({ kind: step.past === undefined ? 'new' : 'same', text: nowText(step) });
  });
  goneUntil(past.steps.length);
  return lines;
}

/** For each step, where the past run has it, or the next one that it has too. */
function nextPast(steps: readonly NowStep[]): (number | undefined)[] {
  let next: number | undefined;
  return steps
    .map(({ past }) => past)
    .reverse()
    .map((past) => (next = past ?? next))
    .reverse();
}

function comparedEnds(past: PastRun, now: NowRun): ComparedLine[] {
  const [then, present] = [past.end === undefined ? undefined : endText(past.end), endText(now)];
  if (then === undefined) return [{ kind: 'same', text: present }];
  if (now.stopped === undefined && isSameEnd(past, now)) return [{ kind: 'same', text: present }];
  return [
    { kind: 'gone', text: then },
    { kind: 'new', text: present },
  ];
}

function isSameEnd({ end, known }: PastRun, now: NowRun): boolean {
  const textOfEnd = (of: object): string => {
    const { error, value } = of as NowRun;
    return comparable(error ?? { value }, known);
  };
  return textOfEnd(end ?? {}) === textOfEnd(now);
}

function endText(end: object): string {
  const { error, value, stopped } = end as NowRun;
  if (stopped !== undefined) return cut(`(no end) ${stopped}`);
  if (error !== undefined) return cut(`error ${error.type}: ${error.message}`);
  return cut(`value ${JSON.stringify(value) ?? 'undefined'}`);
}

const nowText = (step: NowStep): string =>
  textOf(step) + (step.answer === 'none' && step.kind !== 'timer' ? '  (no answer)' : '');

function textOf({ name, args, about = '' }: Pick<PastStep, 'name' | 'args' | 'about'>): string {
  return cut(`${name} ${args === undefined ? about : JSON.stringify(args)}`.trimEnd());
}

const cut = (text: string): string =>
  text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
