import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  upsertMemo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities';
import { PAUSE_SIGNAL, RESUME_SIGNAL } from '../shared/migration';
import {
  type RedriveInput,
  type RedrivePage,
  type RedriveProblem,
  type RedriveProgress,
  startedRedrive,
} from '../shared/redrive';
import { pageSizeOf, waitForTurn } from './pages';

/** What a run of the workflow hands on to the next. */
export interface RedriveRun {
  progress: RedriveProgress;
  found: number;
}

const PAGES_PER_RUN = 500;
const KEPT_PROBLEMS = 100;

const acts = proxyActivities<Activities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10s', // so that the end of a worker process is noticed soon
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Finds the events, begins each anew, and looks once more: Temporal's lists are late for what ended just now. */
export async function runRedrive(
  input: RedriveInput,
  soFar?: RedriveRun,
): Promise<RedriveProgress> {
  const run = soFar ?? { progress: startedRedrive(input, new Date()), found: 0 };
  setHandler(defineSignal(PAUSE_SIGNAL), () => show(run, { state: 'paused' }));
  setHandler(defineSignal(RESUME_SIGNAL), () => show(run, { state: 'running' }));
  try {
    if (soFar === undefined) await find(input, run);
    for (let pages = 0; pages < PAGES_PER_RUN; pages++) {
      await condition(() => run.progress.state !== 'paused');
      const began = Date.now();
      const page = await acts['Redrive::page'](pageSizeOf(input.rate), input.rate);
      add(run, page);
      if (page.handled > 0) await waitForTurn(began, page.handled, input.rate);
      else if (input.ids !== undefined || (await find(input, run)) === 0)
        return await finish(input, run);
    }
  } catch (error) {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(() => acts['Redrive::drop']());
    throw error;
  }
  return makeContinueAsNewFunc<typeof runRedrive>()(input, run);
}

async function find(input: RedriveInput, run: RedriveRun): Promise<number> {
  const { count, problems } = await acts['Redrive::find'](input);
  run.found += count;
  const state = run.progress.state === 'collecting' ? 'running' : run.progress.state;
  show(run, { state, total: run.found + run.progress.problems.length + problems.length });
  passOver(run, problems);
  return count;
}

function add(run: RedriveRun, page: RedrivePage): void {
  const redriven = run.progress.redriven + page.redriven;
  const seconds = Math.max(1, Date.now() - run.progress.startedAt.getTime()) / 1000;
  show(run, { redriven, rate: Math.round(redriven / seconds) });
  passOver(run, page.problems);
}

function passOver(run: RedriveRun, problems: readonly RedriveProblem[]): void {
  if (problems.length === 0) return;
  show(run, {
    passedOver: run.progress.passedOver + problems.length,
    problems: [...run.progress.problems, ...problems].slice(0, KEPT_PROBLEMS),
  });
}

async function finish(input: RedriveInput, run: RedriveRun): Promise<RedriveProgress> {
  await acts['Redrive::finish'](input);
  show(run, { state: 'done', endedAt: new Date() });
  const { handler, redriven, passedOver } = run.progress;
  log.info('redrive done', { handler, redriven, passedOver });
  return run.progress;
}

/** Changes the progress, and puts it where it can be read also without a worker process, and after the end. */
function show(run: RedriveRun, changes: Partial<RedriveProgress>): void {
  run.progress = { ...run.progress, ...changes };
  upsertMemo({ progress: run.progress });
}
