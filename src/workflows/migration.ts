import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  TemporalFailure,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities';
import type { MigrationDefinition } from '../definitions/migration';
import { hasCode } from '../shared/errors';
import {
  type FailedRecord,
  handledOf,
  type MigrationInput,
  type MigrationProgress,
  type MigrationReport,
  type PageEntry,
  type PageOutcome,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  startedProgress,
} from '../shared/migration';
import { reasonOf } from './handler-error';
import { bookkeeping } from './local-activities';
import { refuseSteps } from './step';
import { transformPage } from './transform-page';

const PAGE_SIZE = 500;
const PAGES_PER_RUN = 50;
const KEPT_FAILURES = 100;

const pauseSignal = defineSignal(PAUSE_SIGNAL);
const resumeSignal = defineSignal(RESUME_SIGNAL);

/**
 * Pages are read by normal activities: the results of local ones all travel in the answer to one workflow task, where a
 * few pages of 2 MB are more than the server takes.
 */
const read = proxyActivities<Activities>({
  startToCloseTimeout: '1 hour', // to count the records of a large datastore takes a while
  heartbeatTimeout: '10s', // and the end of a worker process is noticed soon all the same
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** What a run of the workflow hands on to the next. */
export interface MigrationRun {
  progress: MigrationProgress;
  /** The last key that is dealt with. */
  after: string | null;
  failures: readonly FailedRecord[];
  activeMs: number;
}

type Migrations = ReadonlyMap<string, MigrationDefinition>;

/** One run of a migration: copies pages until there are no more, or until the history is long and a new run goes on. */
export async function runMigration(
  migrations: Migrations,
  input: MigrationInput,
  soFar?: MigrationRun,
): Promise<MigrationReport> {
  const definition = migrations.get(input.migration);
  if (definition === undefined) throw unknown(migrations, input.migration);
  refuseSteps(`the function of migration "${input.migration}"`);
  const run = soFar ?? {
    progress: startedProgress(input, new Date()),
    after: null,
    failures: [],
    activeMs: 0,
  };
  setHandler(pauseSignal, () => show(run, { state: 'paused' }));
  setHandler(resumeSignal, () => show(run, { state: 'running' }));
  try {
    if (soFar === undefined) show(run, { total: await read['Migration::count'](definition.name) });
    if (!(await copyPages(definition, run))) return await continueAsNew(input, run);
    return await finish(definition, run);
  } catch (error) {
    // Whatever cannot be done, and is not the server's absence, e.g. a second datastore that holds data of another schema.
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
    if (hasCode(error, 'migration_failed')) throw error;
    throw stopped(run, `: ${reasonOf(error).message}`);
  }
}

/** False if there are more pages, for another run to copy. */
async function copyPages(definition: MigrationDefinition, run: MigrationRun): Promise<boolean> {
  for (let pages = 0; pages < PAGES_PER_RUN; pages++) {
    if (workflowInfo().continueAsNewSuggested) return false;
    await condition(() => run.progress.state !== 'paused');
    const began = Date.now();
    const page = await read['Migration::readPage'](definition.name, run.after, PAGE_SIZE);
    if (page.length === 0) return true;
    const outcome = await copyPage(definition, page, run.progress);
    run.after = page.at(-1)?.[0] ?? null;
    run.activeMs += Date.now() - began;
    add(run, outcome);
    const [failure] = outcome.failures;
    if (failure !== undefined && !run.progress.dryRun) {
      const record = `record ${JSON.stringify(failure.key)} of datastore "${definition.from.name}"`;
      throw stopped(run, ` at ${record}: ${failure.reason}`);
    }
  }
  return false;
}

/** A page that is being written is written to its end, so that the counts stay right. */
function copyPage(
  definition: MigrationDefinition,
  page: readonly PageEntry[],
  { dryRun }: MigrationProgress,
): Promise<PageOutcome> {
  const transformed = transformPage(definition, page, { tryAll: dryRun });
  const options = { dryRun, operation: operationId() };
  return CancellationScope.nonCancellable(() =>
    bookkeeping['Migration::writePage'].executeWithOptions(
      {
        summary: `${definition.to.name}, ${page.length} records to ${JSON.stringify(page.at(-1)?.[0])}`,
      },
      [definition.name, transformed, options],
    ),
  );
}

const operationId = (): string => `migration.${workflowInfo().firstExecutionRunId}`;

function add(run: MigrationRun, { copied, leftOut, failed, failures }: PageOutcome): void {
  const { progress } = run;
  run.failures = [...run.failures, ...failures].slice(0, KEPT_FAILURES);
  const counts = {
    copied: progress.copied + copied,
    leftOut: progress.leftOut + leftOut,
    failed: progress.failed + failed,
  };
  const handled = handledOf({ ...progress, ...counts });
  show(run, { ...counts, rate: Math.round((handled * 1000) / Math.max(1, run.activeMs)) });
}

/** Changes the progress, and puts it where it can be read also without a worker process, and after the end. */
function show(run: MigrationRun, changes: Partial<MigrationProgress>): void {
  run.progress = { ...run.progress, ...changes };
  upsertMemo({ progress: run.progress });
}

async function finish({ name }: MigrationDefinition, run: MigrationRun): Promise<MigrationReport> {
  if (run.progress.dryRun) return end(run, 'done');
  const { source, target } = await read['Migration::compare'](name, operationId());
  const equal = source - run.progress.leftOut === target && target === run.progress.copied;
  const { copied, leftOut } = run.progress;
  log.info('migration done', { migration: name, copied, leftOut, source, target });
  return { ...end(run, 'done'), counts: { source, target, equal } };
}

function end(run: MigrationRun, state: 'done' | 'failed'): MigrationReport {
  show(run, { state, endedAt: new Date() });
  return { ...run.progress, failures: run.failures };
}

function stopped(run: MigrationRun, where: string): ApplicationFailure {
  const { migration, copied, total } = run.progress;
  log.error('migration stopped', { migration, copied, error: where });
  return ApplicationFailure.create({
    message: `Migration "${migration}" stopped${where}. ${copied} of ${total} records were copied`,
    type: 'migration_failed',
    nonRetryable: true,
    details: [end(run, 'failed')],
  });
}

function unknown(migrations: Migrations, name: string): ApplicationFailure {
  const known = [...migrations.keys()].join(', ') || 'none';
  return ApplicationFailure.nonRetryable(
    `The app does not export migration "${name}"; it exports: ${known}`,
    'migration_unknown',
  );
}

function continueAsNew(input: MigrationInput, run: MigrationRun): Promise<never> {
  return makeContinueAsNewFunc<
    (input: MigrationInput, run: MigrationRun) => Promise<MigrationReport>
  >()(input, run);
}
