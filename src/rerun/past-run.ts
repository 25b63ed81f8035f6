import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { InvalidInputError } from '../shared/errors';
import type { Outcome, PastAnswer } from '../shared/rerun';
import { toPlainJson } from '../shared/shown-args';
import { contentOf, uuidsIn } from '../shared/step-content';
import type { SavedRun, SavedTrace } from '../traces/saved-trace';
import { type Answer, readAnswers } from './read-answers';
import type { JsonHistory } from './history';

/** The last attempt of a past event, as it is made again. */
export interface PastRun {
  readonly id: string;
  readonly handler: string;
  readonly attempt: number;
  readonly history: JsonHistory;
  /** When the handler began, by the event's own clock. */
  readonly startedAt: number;
  readonly flags: readonly string[];
  readonly steps: readonly PastStep[];
  readonly end: PastEnd | undefined;
  /** Ids that came to it from outside: see `contentOf`. */
  readonly known: ReadonlySet<string>;
}

export type PastEnd =
  | { readonly value: unknown }
  | { readonly error: { readonly type: string; readonly message: string } };

export interface PastStep extends PastAnswer {
  /** Plain JSON; absent if they were not known when the trace was saved. */
  readonly args?: unknown;
}

/** @throws {InvalidInputError} code `trace_invalid` if the handler had not begun */
export function pastRunOf({ id, handler, runs }: SavedTrace): PastRun {
  const run = runs.at(-1);
  const history = (run?.history ?? { events: [] }) as JsonHistory;
  const read = readAnswers(historyFromJSON(history).events ?? []);
  if (run === undefined || read.startedAt === undefined) {
    throw new InvalidInputError('trace_invalid', `Event ${id} had not begun when it was saved`, {
      remedies: ['save it again when its handler has run: nightshift trace save <id>'],
    });
  }
  const { expected, attempt } = run;
  const steps = withOutcomes(expected, read.answers);
  const known = knownIds(id, read.event, steps);
  return {
    ...{ id, handler, attempt, history, known, flags: read.flags, startedAt: read.startedAt },
    steps: steps.map(({ name, args, ...answer }) =>
      args === undefined
        ? { name, ...answer }
        : { name, args, ...answer, content: contentOf(name, args, known) },
    ),
    end: endOf(expected),
  };
}

/** Of what a step was told, all but what the run had made before: e.g. the key of a record that it added. */
function knownIds(
  id: string,
  event: unknown,
  steps: readonly { readonly args?: unknown; readonly outcome?: Outcome }[],
): Set<string> {
  const known = new Set(idsIn([id, event]));
  const made = new Set<string>();
  for (const { args, outcome } of steps) {
    for (const own of idsIn(args)) if (!known.has(own)) made.add(own);
    if (outcome === undefined || 'failure' in outcome) continue;
    for (const given of idsIn(outcome.value)) if (!made.has(given)) known.add(given);
  }
  return known;
}

const idsIn = (value: unknown): readonly string[] =>
  uuidsIn(JSON.stringify(toPlainJson(value)) ?? '');

/** A trace has the arguments, a history has the answers: both in the order in which steps of one name were started. */
function withOutcomes({ steps }: SavedRun['expected'], answers: readonly Answer[]): PastStep[] {
  const open = [...answers].sort((a, b) => a.seq - b.seq);
  return steps.map(({ name, args }) => {
    const at = open.findIndex((answer) => answer.name === name);
    const [answer] = at < 0 ? [] : open.splice(at, 1);
    return {
      name,
      ...(args === undefined ? {} : { args }),
      ...(answer?.outcome === undefined ? {} : { outcome: answer.outcome }),
      ...(answer?.about === undefined ? {} : { about: answer.about }),
      ...(answer?.at === undefined ? {} : { at: answer.at }),
    };
  });
}

function endOf({ ended, error, value }: SavedRun['expected']): PastEnd | undefined {
  if (!ended) return undefined;
  return error === undefined ? { value } : { error };
}
