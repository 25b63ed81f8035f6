import {
  log,
  makeContinueAsNewFunc,
  proxyActivities,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities';
import {
  type Released,
  type ResumeInput,
  type ResumeProgress,
  type ResumeState,
  startedResume,
} from '../shared/resume';
import { pageSizeOf, waitForTurn } from './pages';

/** What a run of the workflow hands on to the next. */
export interface ResumeRun {
  progress: ResumeProgress;
}

const PAGES_PER_RUN = 500;

const acts = proxyActivities<Activities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10s', // so that the end of a worker process is noticed soon
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Canaries end when their handlers do. */
const canaries = proxyActivities<Activities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** Lets the held events of a queue go: the canary first, if there is one, then the rule, then page by page. */
export async function runResume(input: ResumeInput, soFar?: ResumeRun): Promise<ResumeProgress> {
  const run = soFar ?? { progress: startedResume(input, new Date()) };
  if (soFar === undefined) {
    const stopped = await tryCanary(input, run);
    if (stopped !== undefined) return end(run, stopped.state, stopped.why);
    await acts['Resume::lift'](input);
  }
  for (let pages = 0; pages < PAGES_PER_RUN; pages++) {
    const began = Date.now();
    const page = await acts['Resume::release'](input.queue, pageSizeOf(input.rate), input.rate);
    add(run, page);
    if (page.heldBy !== undefined) return end(run, 'held', page.heldBy);
    if (page.released === 0) return end(run, 'done');
    await waitForTurn(began, page.released, input.rate);
  }
  return makeContinueAsNewFunc<typeof runResume>()(input, run);
}

async function tryCanary(
  input: ResumeInput,
  run: ResumeRun,
): Promise<{ state: ResumeState; why: string } | undefined> {
  if (input.canary === undefined) return undefined;
  show(run, { state: 'canary' });
  const chosen = await acts['Resume::chooseCanaries'](input.queue, input.canary);
  const { failures, changed } = await canaries['Resume::tryCanaries'](input, chosen);
  if (changed === true) return { state: 'held', why: 'the rules were changed meanwhile' };
  if (failures.length > 0) {
    await acts['Resume::stop'](input, failures);
    show(run, { failures });
    const [{ id, error } = { id: '', error: '' }] = failures;
    return { state: 'stopped', why: `event "${id}" of the canary failed: ${error}` };
  }
  show(run, { state: 'running', released: chosen.length, total: chosen.length });
  return undefined;
}

function add(run: ResumeRun, { released, left }: Released): void {
  const sum = run.progress.released + released;
  const seconds = Math.max(1, Date.now() - run.progress.startedAt.getTime()) / 1000;
  show(run, { released: sum, total: sum + left, rate: Math.round(sum / seconds) });
}

/** Changes the progress, and puts it where it can be read also without a worker process, and after the end. */
function show(run: ResumeRun, changes: Partial<ResumeProgress>): void {
  run.progress = { ...run.progress, ...changes };
  upsertMemo({ progress: run.progress });
}

function end(run: ResumeRun, state: ResumeState, why?: string): ResumeProgress {
  show(run, { state, endedAt: new Date(), ...(why === undefined ? {} : { why }) });
  const { queue, released, total } = run.progress;
  log.info('resume ended', { queue, state, released, total, runId: workflowInfo().runId });
  return run.progress;
}
