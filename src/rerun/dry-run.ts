import type { Db } from 'mongodb';
import type { AppBundle } from '../app/bundle-app';
import { checkUses } from '../app/check-uses';
import { loadApp } from '../app/load-app';
import { createRecords, type Records } from '../datastore/records';
import { createSchemaLock } from '../datastore/schema-lock';
import type { App } from '../definitions/app';
import { workflowIdOf } from '../shared/ids';
import { type GivenAnswer, isWrite } from '../shared/rerun';
import { MAX_VALUE_BYTES } from '../shared/storable';
import type { Traces } from '../traces/traces';
import { type ComparedLine, comparedRuns } from './compare';
import { answerDryRun } from './dry-answers';
import { type NowRun, nowRunOf, type NowStep } from './now-run';
import { type PastRun, pastRunOf } from './past-run';
import { bundleForRerun, createSandbox, type Sandbox } from './sandbox';

/** What a past event would do on the present code and the present data. */
export interface DryRun {
  readonly id: string;
  readonly handler: string;
  /** The attempt that was made again: the event's last. */
  readonly attempt: number;
  /** Whether it would write, emit or end otherwise than it did. */
  readonly differs: boolean;
  /** Writes, emits and the end, then and now. */
  readonly lines: readonly ComparedLine[];
  /** All that it did, reads too. */
  readonly steps: readonly NowStep[];
  /** What the handler returned, as plain JSON. */
  readonly value?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
  /** Why it came to no end. */
  readonly stopped?: string;
  /** Its calls of the app's activities: none was made; `past` ones had the answers of then. */
  readonly notDone: readonly NowStep[];
  /** What limits the comparison, for people. */
  readonly notes: readonly string[];
}

export interface DryRunDeps {
  readonly traces: Traces;
  readonly db: Db;
  /** The app's name. */
  readonly app: string;
  /** The file that exports the app's definitions, absolute. */
  readonly appPath: string;
}

/** A read that the past run did not make, or that finds something else now, takes the run from its start again. */
const MAX_ROUNDS = 1_000;

/**
 * Runs past events on an app's present code, with nothing done: reads go to the real datastores, writes and emits are
 * only noted, the app's activities have the answers of then. The clock, the random numbers and the flags are those of then, too.
 * The last attempt is taken.
 */
export function createDryRun(deps: DryRunDeps): { run(id: string): Promise<DryRun> } {
  const { traces, db, app: name, appPath } = deps;
  return {
    /**
     * @throws {NotFoundError} code `event_not_found` if there is no such event, or its history is gone; `handler_unknown`
     * @throws {ConfigError} code `schema_locked`, `bundle_failed`, `app_invalid`
     */
    async run(id) {
      const past = pastRunOf(await traces.save(id));
      const [bundle, app] = await Promise.all([bundleForRerun(appPath), loadApp(appPath)]);
      const records = await recordsFor(db, app, bundle);
      const sandbox = createSandbox(bundle);
      try {
        return await dryRun(past, { sandbox, app, records, workflowId: workflowIdOf(name, id) });
      } finally {
        await sandbox.close();
      }
    },
  };
}

/** What a worker process would refuse to serve is refused here, too. */
async function recordsFor(db: Db, app: App, { uses }: AppBundle): Promise<Records> {
  checkUses(app, uses);
  const lock = createSchemaLock(db);
  for (const datastore of app.datastores.values()) await lock.check(datastore);
  return createRecords({ db, lock, maxResultBytes: MAX_VALUE_BYTES });
}

interface Parts {
  readonly sandbox: Sandbox;
  readonly app: App;
  readonly records: Records;
  readonly workflowId: string;
}

/** The run cannot wait in its sandbox: it is made again from the start with what it asked for, until it asks no more. */
async function dryRun(
  past: PastRun,
  { sandbox, app, records, workflowId }: Parts,
): Promise<DryRun> {
  const given: GivenAnswer[] = [];
  const unseen = new Set<string>();
  for (let round = 1; ; round++) {
    const run = await sandbox.run(past.history, workflowId, {
      startedAt: past.startedAt,
      flags: past.flags,
      answers: past.steps.map(({ args: _args, ...answer }) => answer),
      given,
      known: [...past.known],
      readsWait: true,
    });
    const now = nowRunOf(past, run);
    const { answers, isNews, ...read } = await answerDryRun(run, given, {
      past,
      datastores: app.datastores,
      records,
    });
    for (const datastore of read.unseen) unseen.add(datastore);
    if (!isNews || run.stopped !== undefined) return resultOf(past, now, unseen);
    if (round >= MAX_ROUNDS) {
      const stopped = `It makes more than ${MAX_ROUNDS} new reads, one after the other: is it an endless loop?`;
      return resultOf(past, { steps: now.steps, stopped }, unseen);
    }
    given.push(...answers);
  }
}

function resultOf(past: PastRun, now: NowRun, unseen: ReadonlySet<string>): DryRun {
  const { id, handler, attempt } = past;
  const lines = comparedRuns(past, now, isWrite);
  return {
    ...{ id, handler, attempt },
    ...now,
    steps: now.steps.map(withRealRead),
    differs: lines.some(({ kind }) => kind !== 'same'),
    lines,
    notDone: now.steps.filter(({ kind }) => kind === 'activity'),
    notes: [...[...unseen].map(unseenNote), ...pastNotes(past)],
  };
}

/** A read that had the answer of then, which was found to be that of now. */
const withRealRead = (step: NowStep): NowStep =>
  step.kind === 'step' && step.answer === 'past' ? { ...step, answer: 'given' } : step;

const unseenNote = (datastore: string): string =>
  `Queries of "${datastore}" did not find what the run itself wrote before them`;

function pastNotes({ steps, end }: PastRun): string[] {
  return [
    ...(steps.every(({ args }) => args !== undefined)
      ? []
      : [
          'Arguments of the past run are not known (see nightshift trace): its steps are compared by what they were about',
        ]),
    ...(end === undefined ? ['The past run had not ended'] : []),
  ];
}
