import { atEdge } from '../activities/at-edge';
import { createDatastoreActivities } from '../activities/datastore-activities';
import { createPasswordActivities } from '../activities/password-activities';
import type { Records } from '../datastore/records';
import { type DatastoreDefinition, datastoreUnknown } from '../definitions/datastore';
import { NightshiftError } from '../shared/errors';
import { type GivenAnswer, isWrite, type Outcome, type RerunStep } from '../shared/rerun';
import { fromTagged, toTagged } from '../shared/value-json';
import { createDryRecords, type DryRecords } from './dry-records';
import type { PastRun } from './past-run';
import { stepFailureOf } from './read-answers';
import type { SandboxRun } from './sandbox';

type Datastores = ReadonlyMap<string, DatastoreDefinition>;
type Step = (...args: unknown[]) => Promise<unknown>;

export interface DryAnswers {
  /** Those that the run was not given yet. */
  readonly answers: readonly GivenAnswer[];
  /** Whether one of them is not what the run went on with: then it is to be made again. */
  readonly isNews: boolean;
  /** See `DryRecords`. */
  readonly unseen: readonly string[];
}

export interface DryAnswersDeps {
  readonly past: PastRun;
  readonly datastores: Datastores;
  readonly records: Records;
}

/** Reads what a run asked for, and judges what it wrote: `given` is what it was given before. */
export async function answerDryRun(
  run: SandboxRun,
  given: readonly GivenAnswer[],
  { past, datastores, records }: DryAnswersDeps,
): Promise<DryAnswers> {
  const dry = createDryRecords(records);
  const steps = stepsOver(dry, datastores);
  const had = counted(given);
  const answers: GivenAnswer[] = [];
  let isNews = false;
  for (const step of run.steps) {
    const asked = askedOf(run, step);
    const execute = steps.get(step.name);
    if (asked === undefined || execute === undefined) continue;
    const isGiven = take(had, keyOf(asked));
    if (isGiven && !isWrite(step.name)) continue;
    const outcome = await outcomeOf(execute, asked.args);
    if (isGiven || isAsAssumed(step.name, outcome)) continue;
    answers.push({ ...asked, outcome });
    if (isSame(outcome, past.steps[step.past ?? -1]?.outcome) && step.source === 'past') continue;
    isNews = true;
    // What the run did behind a step that it has taken for another came of that.
    if (step.source !== 'none') break;
  }
  return { answers, isNews, unseen: [...dry.unseen] };
}

const isSame = (a: Outcome, b: Outcome | undefined): boolean =>
  JSON.stringify(toTagged(a)) === JSON.stringify(toTagged(b));

type Asked = Pick<GivenAnswer, 'name' | 'args'>;

function askedOf({ asked }: SandboxRun, { name, seq }: RerunStep): Asked | undefined {
  const args = asked.get(seq);
  return args === undefined ? undefined : { name, args };
}

const keyOf = ({ name, args }: Asked): string => `${name} ${args}`;

function counted(given: readonly GivenAnswer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const answer of given) counts.set(keyOf(answer), (counts.get(keyOf(answer)) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  counts.set(key, left - 1);
  return left > 0;
}

function stepsOver(dry: DryRecords, datastores: Datastores): ReadonlyMap<string, Step> {
  const find = (name: string): DatastoreDefinition => {
    const found = datastores.get(name);
    if (found !== undefined) return found;
    throw datastoreUnknown(name, [...datastores.keys()]);
  };
  const set = async (value: unknown, key: string, ds: string): Promise<void> =>
    dry.set(value, key, find(ds), '');
  const steps = {
    ...createDatastoreActivities({ datastores, records: dry }),
    ...createPasswordActivities(),
    // Those of an activity name their operation, which is none here.
    ...atEdge({
      'DB::set': set,
      'DB::add': set,
      'DB::delete': async (key: string, ds: string) => dry.delete(key, find(ds)),
      'DB::deleteAll': async (ds: string) => dry.deleteAll(find(ds), ''),
      'DB::getVersion': async (key: string, ds: string) => dry.getVersion(key, find(ds)),
      'DB::replace': async (value: unknown, key: string, revision: number, ds: string) =>
        dry.replace(value, key, revision, find(ds), ''),
    }),
  };
  return new Map(Object.entries(steps as unknown as Record<string, Step>));
}

/** @throws {NightshiftError} code `mongodb_unavailable`: that is not the handler's to know */
async function outcomeOf(execute: Step, args: string): Promise<Outcome> {
  try {
    return { value: await execute(...(fromTagged(JSON.parse(args)) as unknown[])) };
  } catch (error) {
    const failure = stepFailureOf(error as Error);
    if (failure.type !== 'mongodb_unavailable') return { failure };
    throw new NightshiftError('mongodb_unavailable', failure.message, { cause: error });
  }
}

/** The run went on as if its writes succeeded. */
const isAsAssumed = (step: string, outcome: Outcome): boolean =>
  isWrite(step) && 'value' in outcome && outcome.value !== false;
