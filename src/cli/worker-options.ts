import type { ResolvedConfig, WorkerSettings } from '../config';
import type { CreateWorkerOptions } from '../worker/create-worker';
import { type CommandInput, textOption } from './command';

/** What every worker process takes of its configuration. Not where the servers are, nor the build, which `dev` has not. */
export function workerOptionsOf(
  { metrics, shutdownGraceMs, retryDelayMs, callStacks }: ResolvedConfig,
  input: CommandInput,
): Pick<CreateWorkerOptions, 'activities'> & Omit<WorkerSettings, 'buildId'> {
  const activities = textOption(input, 'activities');
  return {
    metrics: metrics ?? false, // else the environment would be asked again
    shutdownGrace: shutdownGraceMs,
    ...(retryDelayMs === undefined ? {} : { retryDelay: retryDelayMs }),
    ...(callStacks === undefined ? {} : { callStacks }),
    ...(activities === undefined ? {} : { activities }),
  };
}
